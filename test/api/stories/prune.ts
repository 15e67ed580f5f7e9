import type { StoryWorld } from '../story-world.ts'

/** Builds without packages, a job and a test item are deleted; the runs of the job stay until their item goes. */
export async function prune(world: StoryWorld): Promise<void> {
  await pruneCore(world)
  await refusePrune(world)
  await deleteEverything(world)
}

async function pruneCore({ liWei, admin, neighbours }: StoryWorld): Promise<void> {
  neighbours.packageServer.answerNext('/build/CDN/Core/102/', { status: 500 })
  await admin.post('/builds/job/CDN/Core/prune')
  await admin.post('/builds/job/CDN%2FCore/prune')
  await liWei.get('/builds/job/CDN/Core')
  await liWei.get('/job-versions/CDN/Core')
}

async function refusePrune({ nobody, liWei, admin, cds }: StoryWorld): Promise<void> {
  await liWei.post('/builds/job/CDN/Core/prune')
  await nobody.post('/builds', { JOB_NAME: 'CDN/Free', PACKAGE_PATH: 'build/free', BUILD_NUMBER: 1 })
  await admin.post('/builds/job/CDN/Free/prune')
  await admin.put(`/test-items/${cds}`, { associated_job_name: 'CDN/Unknown' })
  await admin.post('/builds/job/CDN/Unknown/prune')
  await liWei.post(`/test-items/${cds}/deploy-test`)
}

async function deleteEverything({ liWei, admin, cds }: StoryWorld): Promise<void> {
  await admin.delete('/builds/job-names/CDN/Core')
  await liWei.get('/job-versions')
  await liWei.get('/builds')
  await liWei.get('/deploy-test-runs?limit=1')
  await admin.delete(`/test-items/${cds}/deploy-history`)
  await admin.delete(`/test-items/${cds}/deploy-history`)
  await admin.delete(`/test-items/${cds}`)
  await liWei.get('/deploy-test-runs')
}
