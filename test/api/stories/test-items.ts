import { CORE } from '../../world/index.ts'
import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const FIELDS = [
  'name',
  'description',
  'associated_job_name',
  'associated_parameter_set_id',
  'notification_enabled',
]

/** Test items are made, changed, refused and deleted; `cds` was there before and stays. */
export async function testItems(world: StoryWorld): Promise<void> {
  const { liWei, admin, cds } = world
  await liWei.get('/test-items')
  await liWei.get(`/test-items/${cds}`)
  const ids = await createItems(world)
  await changeItem(world, ids[0] ?? 0)
  await refuseItems(world)
  for (const id of [...ids, ...ids.slice(1)]) await admin.delete(`/test-items/${id}`)
  await liWei.get('/test-items')
}

async function createItems({ liWei, admin }: StoryWorld): Promise<number[]> {
  const { data: sets } = await liWei.get('/parameter-sets')
  const { data: bare } = await admin.post('/test-items', { name: ' sds ' })
  const { data: full } = await admin.post('/test-items', {
    ...{ name: '缓存', description: 'First line\nsecond line', associated_job_name: CORE },
    ...{ associated_parameter_set_id: sets[0].id, notification_enabled: false },
  })
  await admin.post('/test-items', { name: 'sds' })
  return [bare.id, full.id]
}

async function changeItem({ liWei, admin }: StoryWorld, id: number): Promise<void> {
  const change = (body: object) => admin.put(`/test-items/${id}`, body)
  await change({ description: 'Storage', associated_job_name: 'CDN/Storage' })
  await change({ associated_job_name: '', associated_parameter_set_id: null })
  await change({ associated_job_name: null, notification_enabled: false })
  await change({})
  await change({ name: 'cds' })
  await change({ name: 'sds 2', associated_parameter_set_id: 4711 })
  await liWei.get(`/test-items/${id}`)
  await liWei.get(`/test-items/${id}/deploy-runs`)
  await liWei.post(`/test-items/${id}/deploy-test`)
}

async function refuseItems({ admin }: StoryWorld): Promise<void> {
  const create = (body: object) => admin.post('/test-items', body)
  await create({ name: 'x', associated_parameter_set_id: 4711 })
  await create({ name: 'x'.repeat(201), description: 'x'.repeat(2001), associated_job_name: 'x'.repeat(256) })
  await sendWrongValues(create, FIELDS)
  await sendWrongValues(body => admin.put('/test-items/4711', body), FIELDS)
}
