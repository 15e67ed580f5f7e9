import type { StoryWorld } from '../story-world.ts'

const QUERIES = ['limit=2', 'limit=2&offset=3', 'offset=1000', 'status=DEPLOY_COMPLETE', 'status=TESTING']

/** What was run, in lists; then it is deleted, and one more run stays for the stories that follow. */
export async function history(world: StoryWorld): Promise<void> {
  await listRuns(world)
  const newest = (await world.liWei.get(`/test-items/${world.cds}/deploy-runs?limit=1`)).data[0].id
  await clear(world)
  await world.liWei.get(`/deploy-test-runs/${newest}`)
  await world.liWei.post(`/deploy-test-runs/${newest}/retry`)
  const { data } = await world.liWei.post(`/test-items/${world.cds}/deploy-test`)
  await world.untilOver(data.run_id)
  await world.liWei.get('/deploy-test-runs')
}

async function listRuns({ liWei, cds }: StoryWorld): Promise<void> {
  for (const query of QUERIES) await liWei.get(`/deploy-test-runs?${query}`)
  await liWei.get(`/deploy-test-runs?status=CANCELLED&test_item_id=${cds}&limit=1`)
  await liWei.get('/deploy-test-runs?test_item_id=4711')
  for (const query of ['limit=2', 'limit=1&offset=1', 'limit=x'])
    await liWei.get(`/test-items/${cds}/deploy-runs?${query}`)
}

async function clear({ liWei, admin, cds }: StoryWorld): Promise<void> {
  await liWei.delete(`/test-items/${cds}/deploy-history`)
  await admin.delete(`/test-items/${cds}/deploy-history`)
  await admin.delete(`/test-items/${cds}/deploy-history`)
  await liWei.get(`/test-items/${cds}/deploy-runs`)
}
