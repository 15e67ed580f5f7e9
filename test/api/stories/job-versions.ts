import { CORE } from '../../world/index.ts'
import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const OTHER = 'a%252Fb%3Fc%23d'

/** Which build of a job is tested: chosen by hand, moved to the newest, forgotten. */
export async function jobVersions(world: StoryWorld): Promise<void> {
  const { liWei } = world
  for (const path of ['', '/CDN/Core', '/CDN%2FCore/history']) await liWei.get(`/job-versions${path}`)
  await select(world)
  await sync(world)
  for (const query of ['', '?limit=2', '?limit=2&offset=1', '?limit=x'])
    await liWei.get(`/job-versions/CDN/Core/history${query}`)
  await syncJobWithoutBuilds(world)
  await forgetSelection(world)
}

async function select({ liWei }: StoryWorld): Promise<void> {
  const [newest, second] = (await liWei.get('/builds/job/CDN/Core')).data
  const other = (await liWei.get(`/builds/job/${OTHER}/latest`)).data
  const choose = (body: object) => liWei.put('/job-versions', body)
  await choose({ job_name: CORE, build_id: second.id })
  await choose({ job_name: CORE, build_id: second.id, auto_sync: false })
  await choose({ job_name: CORE, build_id: newest.id, auto_sync: true })
  await choose({ job_name: CORE, build_id: other.id })
  await choose({ job_name: CORE, build_id: 4711 })
  await choose({ job_name: 'nobody', build_id: newest.id })
  await choose({ job_name: CORE, build_id: newest.id, auto_sync: 'yes' })
  await sendWrongValues(choose, ['job_name', 'build_id', 'auto_sync'])
  await choose({ job_name: CORE, build_id: second.id })
}

async function sync({ liWei, wangFang }: StoryWorld): Promise<void> {
  await wangFang.post('/job-versions/CDN/Core/sync')
  await wangFang.post('/job-versions/CDN%2FCore/sync')
  await liWei.post('/job-versions/auto-sync')
}

async function syncJobWithoutBuilds({ liWei, admin }: StoryWorld): Promise<void> {
  await admin.post('/builds/job-names', { job_name: 'CDN/Empty' })
  await liWei.get('/job-versions/CDN/Empty')
  await liWei.get('/job-versions/CDN/Empty/history')
  await liWei.post('/job-versions/CDN/Empty/sync')
  await admin.delete('/job-versions/CDN/Empty')
  await admin.delete('/job-versions/CDN/Empty')
}

/** Its builds stay, and the next one makes the job known again. */
async function forgetSelection({ nobody, liWei, admin }: StoryWorld): Promise<void> {
  await admin.delete(`/job-versions/${OTHER}`)
  await liWei.get('/job-versions')
  await nobody.post('/builds', { JOB_NAME: 'a%2Fb?c#d', PACKAGE_PATH: 'build/2', BUILD_NUMBER: 2 })
  await liWei.get(`/job-versions/${OTHER}`)
}
