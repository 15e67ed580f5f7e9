import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const EDGE = encodeURIComponent('CDN/Edge (中文)')
const JOBS = ['CDN/Core', 'CDN%2FCore', 'CDN%2FCore/', 'cdn/core', EDGE, 'a%252Fb%3Fc%23d']

/** Lists of builds and jobs, and what an admin adds and deletes. */
export async function builds(world: StoryWorld): Promise<void> {
  await listBuilds(world)
  await addAndDeleteJob(world)
  await deleteBuild(world)
  await world.liWei.get('/builds/job-names')
}

async function listBuilds({ liWei }: StoryWorld): Promise<void> {
  const page = await liWei.get('/builds?limit=2')
  await liWei.get('/builds?limit=2&offset=2')
  await liWei.get('/builds?offset=1000')
  for (const name of [EDGE, 'nobody', '', 'a%00b']) await liWei.get(`/builds?job_name=${name}`)
  await liWei.get(`/builds/${page.data[0].id}`)
  await liWei.get('/builds/job-names')
  for (const job of JOBS) {
    await liWei.get(`/builds/job/${job}?limit=1`)
    await liWei.get(`/builds/job/${job}/latest`)
  }
  await liWei.get('/builds/job/CDN/Core?limit=2&offset=1')
}

async function addAndDeleteJob({ liWei, admin }: StoryWorld): Promise<void> {
  const addJob = (body: object) => admin.post('/builds/job-names', body)
  await addJob({ job_name: ' CDN/New ' })
  await addJob({ job_name: 'CDN/New' })
  await addJob({ job_name: 'x'.repeat(256) })
  await sendWrongValues(addJob, ['job_name'], { except: ['text'] })
  await liWei.get('/builds/job-names')
  await liWei.get('/builds/job/CDN/New')
  await liWei.get('/builds/job/CDN/New/latest')
  await liWei.delete('/builds/job-names/CDN/New')
  await admin.delete('/builds/job-names/CDN/New')
  await admin.delete('/builds/job-names/CDN%2FNew')
}

/** The last one of its job, and then the job. */
async function deleteBuild({ liWei, admin }: StoryWorld): Promise<void> {
  const { data } = await liWei.get(`/builds/job/${EDGE}/latest`)
  await liWei.delete(`/builds/${data.id}`)
  await admin.delete(`/builds/${data.id}`)
  await admin.delete(`/builds/${data.id}`)
  await liWei.get(`/job-versions/${EDGE}`)
  await admin.delete(`/builds/job-names/${EDGE}`)
}
