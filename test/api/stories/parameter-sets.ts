import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const FIELDS = ['name', 'description', 'parameters']
const PARAMETERS = [
  'service_name',
  'package_path',
  'install_dir',
  'upgrade_type',
  'test_path',
  'base_url',
  'report_keyword',
]

/** Sets of parameters and their versions. `deploy only` stays for the stories that follow. */
export async function parameterSets(world: StoryWorld): Promise<void> {
  await keepDefault(world)
  await createAndChange(world)
  await refuseSets(world)
  const parameters = { test_path: 'deploy', install_dir: '/opt/cds' }
  await world.admin.post('/parameter-sets', { name: 'deploy only', parameters })
  await world.liWei.get('/parameter-sets')
}

async function keepDefault({ liWei, admin }: StoryWorld): Promise<void> {
  const { data } = await liWei.get('/parameter-sets')
  const path = `/parameter-sets/${data[0].id}`
  await liWei.get(path)
  await liWei.get(`${path}/versions`)
  await admin.delete(path)
  await admin.put(path, { name: 'other' })
  await admin.put(path, { name: 'default', description: 'Of everyone' })
}

async function createAndChange({ liWei, admin }: StoryWorld): Promise<void> {
  const { data } = await admin.post('/parameter-sets', {
    ...{ name: ' smoke ', description: 'First line\nsecond line' },
    parameters: { upgrade_type: 'patch', region: ['north', null, { deep: 1.5 }], note: 'a\u0000b' },
  })
  const path = `/parameter-sets/${data.id}`
  await admin.post('/parameter-sets', { name: 'smoke', parameters: {} })
  await admin.put(path, { description: 'Quick' })
  await admin.put(path, { parameters: { upgrade_type: 'full' } })
  await admin.put(path, { parameters: { upgrade_type: 'full' } })
  await admin.put(path, { name: 'smoke test', parameters: { upgrade_type: 'full', region: 'south' } })
  await admin.put(path, { name: 'default' })
  await admin.put(path, {})
  await liWei.get(path)
  for (const query of ['', '?limit=1', '?limit=1&offset=2', '?offset=9', '?offset=x'])
    await liWei.get(`${path}/versions${query}`)
  await admin.delete(path)
  await liWei.get(path)
  await liWei.get(`${path}/versions`)
}

async function refuseSets({ admin }: StoryWorld): Promise<void> {
  const create = (body: object) => admin.post('/parameter-sets', body)
  await create({ name: 'large', parameters: { text: 'x'.repeat(65_536) } })
  await create({ name: 'x', description: 'x'.repeat(2001), parameters: { service_name: 'x'.repeat(2001) } })
  for (const base_url of ['ftp://x.example', 'x', 'http:///x'])
    await create({ name: 'x', parameters: { base_url } })
  await sendWrongValues(create, FIELDS)
  await sendWrongValues(body => admin.put('/parameter-sets/4711', body), FIELDS)
  // Without a name nothing is created.
  await sendWrongValues(parameters => create({ name: '', parameters }), PARAMETERS)
}
