import { coreBuild } from '../../world/people.ts'
import type { StoryWorld } from '../story-world.ts'

/** Environments from their start to their end, and the order of runs that wait for one that is not there yet. */
export async function environments(world: StoryWorld): Promise<void> {
  const { admin, liWei, nobody } = world
  for (const who of [nobody, liWei]) await who.get('/environments')
  const id = await add(world)
  await liWei.get(`/environments/${id}`)
  await liWei.get('/environments/4711')
  await check(world, id)
  await admin.put(`/environments/${id}`, { state: 'paused', labels: ['linux'] })
  await admin.put(`/environments/${id}`, { state: 'quarantined' })
  const runs = await queueTwo(world)
  await move(world, runs)
  for (const run of runs) await liWei.post(`/deploy-test-runs/${run}/cancel`)
  await remove(world, id)
}

async function add({ admin, liWei, nobody, versionTwo }: StoryWorld): Promise<number> {
  const input = { name: 'rack-1', test_server_url: versionTwo.url, labels: ['linux', 'gpu'], token: 's3cret' }
  for (const who of [nobody, liWei]) await who.post('/environments', input)
  const { data } = await admin.post('/environments', input)
  await admin.post('/environments', input)
  await admin.post('/environments', { name: '', test_server_url: 'rack-2', labels: ['a,b'] })
  return data.id
}

async function check({ admin, liWei }: StoryWorld, id: number): Promise<void> {
  await admin.post(`/environments/${id}/check`)
  await liWei.post(`/environments/${id}/check`)
  await admin.put(`/environments/${id}`, { test_server_url: 'http://127.0.0.1:1' })
  await admin.post(`/environments/${id}/check`)
}

/** They need what no environment has. */
async function queueTwo({ admin, liWei, nobody }: StoryWorld): Promise<number[]> {
  const build = await nobody.post('/builds', coreBuild(901))
  const item = { name: 'gpu tests', associated_job_name: 'CDN/Core', environment_labels: ['gpu'] }
  const { data } = await admin.post('/test-items', item)
  const input = { build_info_id: build.data.id }
  const trigger = async (): Promise<number> =>
    (await liWei.post(`/test-items/${data.id}/deploy-test`, input)).data.run_id
  return [await trigger(), await trigger()]
}

async function move({ admin, liWei }: StoryWorld, [first = 0, second = 0]: number[]): Promise<void> {
  await liWei.get(`/deploy-test-runs/${second}`)
  await liWei.post(`/deploy-test-runs/${second}/move`, { to: 'front' })
  await admin.post(`/deploy-test-runs/${second}/move`, { to: 'front' })
  await liWei.get('/deploy-test-runs/queue')
  await admin.post(`/deploy-test-runs/${first}/move`, { before_run_id: second })
  await admin.post(`/deploy-test-runs/${first}/move`, { to: 'elsewhere' })
  await admin.post('/deploy-test-runs/4711/move', { to: 'back' })
  await liWei.get('/deploy-test-runs/queue')
}

async function remove({ admin, liWei }: StoryWorld, id: number): Promise<void> {
  await liWei.delete(`/environments/${id}`)
  await admin.delete(`/environments/${id}`)
  await admin.delete(`/environments/${id}`)
  await admin.delete('/environments/1')
}
