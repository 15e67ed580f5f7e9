import { CAPABILITIES, json, POLL, SUBMIT, taskAnswer } from '../../neighbours/test-server.ts'
import type { StoryWorld } from '../story-world.ts'

const NOT_FOUND = { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not here</h1>' }
const NOBODY = 'http://127.0.0.1:1'

/** Runs that fail in each of their steps, and one that is tried again. */
export async function failures(world: StoryWorld): Promise<void> {
  const failed = await failDownload(world)
  await failSubmit(world)
  await failTask(world)
  await retryInVain(world, failed)
}

async function failDownload(world: StoryWorld): Promise<number> {
  await world.putPackages('build/CDN/Core/others', 'sds-5.3.9_release.tgz')
  await runOf(world, 'build/CDN/Core/nowhere')
  return runOf(world, 'build/CDN/Core/others')
}

async function failSubmit(world: StoryWorld): Promise<void> {
  const { testServer } = world.neighbours
  testServer.answerNext(SUBMIT, json({ error: 'base_url: unknown field' }, 422))
  await run(world)
  testServer.answerNext(SUBMIT, json({ status: 'ok' }, 202))
  await run(world)
}

async function failTask(world: StoryWorld): Promise<void> {
  const { testServer } = world.neighbours
  testServer.answerNext(CAPABILITIES, json({ protocol: 'x' }))
  testServer.answerNext(POLL, taskAnswer('failed', { error: { message: 'no space {{left}}', code: 7 } }))
  await run(world)
  const result = { deploy: { success: false, error: 'port 80 is taken' }, test: null }
  testServer.answerNext(POLL, taskAnswer('completed', { result }))
  await run(world)
  testServer.answerNext(POLL, NOT_FOUND, NOT_FOUND, NOT_FOUND)
  await run(world)
}

/** Addresses are those of now: the package is asked for where nobody answers. */
async function retryInVain({ liWei, admin, neighbours, untilOver }: StoryWorld, failed: number) {
  await admin.put('/settings/package_download_base_url', { value: NOBODY })
  const { data } = await liWei.post(`/deploy-test-runs/${failed}/retry`)
  await untilOver(data.run_id)
  await liWei.get(`/deploy-test-runs/${data.run_id}`)
  await admin.put('/settings/package_download_base_url', { value: neighbours.packageServer.url })
}

async function runOf(world: StoryWorld, PACKAGE_PATH: string): Promise<number> {
  const build = { JOB_NAME: 'CDN/Core', BUILD_NUMBER: 110, PACKAGE_PATH }
  const { data } = await world.nobody.post('/builds', build)
  return run(world, { build_info_id: data.id })
}

async function run({ liWei, cds, untilOver }: StoryWorld, body: object = {}): Promise<number> {
  const { data } = await liWei.post(`/test-items/${cds}/deploy-test`, body)
  await untilOver(data.run_id)
  await liWei.get(`/deploy-test-runs/${data.run_id}`)
  return data.run_id
}
