import type { Body } from '../recorder.ts'
import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const RELEASE = 'cds-5.3.9_release.tgz'

/** Runs that do what they should: whole, deploy-only, once more, on test servers of both versions. */
export async function runs(world: StoryWorld): Promise<void> {
  await world.putPackages('build/CDN/Core/101', RELEASE, 'cds-5.3.9_debug.tgz', 'sds-5.3.9_release.tgz')
  await world.putPackages('build/CDN/Core/102', RELEASE)
  const { data: builds } = await world.liWei.get('/builds/job/CDN/Core?limit=100')
  const [first, second] = [101, 102].map(number => idOf(builds, number))
  await refuseTriggers(world, first)
  const whole = await testBuild(world, first)
  await deployOnly(world, second)
  await retry(world, whole)
  await testOnVersionTwo(world, first)
}

function idOf(builds: Body, number: number): number {
  return builds.find((build: Body) => build.build_number === number).id
}

async function refuseTriggers({ liWei, cds }: StoryWorld, build: number | undefined): Promise<void> {
  const trigger = (body: object) => liWei.post(`/test-items/${cds}/deploy-test`, body)
  const { data: other } = await liWei.get('/builds/job/a%252Fb%3Fc%23d/latest')
  await trigger({ build_info_id: other.id })
  await trigger({ build_info_id: 4711 })
  await trigger({ build_info_id: build, parameter_set_id: 4711 })
  await sendWrongValues(
    body => liWei.post('/test-items/4711/deploy-test', body),
    ['build_info_id', 'parameter_set_id'],
  )
}

async function testBuild(world: StoryWorld, build: number | undefined): Promise<number> {
  const { liWei, cds, untilOver } = world
  const { data } = await liWei.post(`/test-items/${cds}/deploy-test`, { build_info_id: build })
  await untilOver(data.run_id)
  await liWei.get(`/deploy-test-runs/${data.run_id}`)
  await liWei.get(`/deploy-test-runs/${data.run_id}/tests?limit=2`)
  await liWei.get(`/deploy-test-runs/${data.run_id}/log`)
  return data.run_id
}

/** The job's selected build, with a set of parameters that says so. */
async function deployOnly({ liWei, wangFang, cds, untilOver }: StoryWorld, build: number | undefined) {
  const { data: sets } = await liWei.get('/parameter-sets')
  const set = sets.find(({ name }: Body) => name === 'deploy only')
  await liWei.put('/job-versions', { job_name: 'CDN/Core', build_id: build })
  const { data } = await liWei.post(`/test-items/${cds}/deploy-test`, { parameter_set_id: set.id })
  await untilOver(data.run_id)
  await wangFang.get(`/deploy-test-runs/${data.run_id}`)
}

async function retry({ liWei, wangFang, untilOver }: StoryWorld, run: number): Promise<void> {
  const { data } = await wangFang.post(`/deploy-test-runs/${run}/retry`)
  await untilOver(data.run_id)
  await liWei.get(`/deploy-test-runs/${data.run_id}`)
  await wangFang.post(`/deploy-test-runs/${data.run_id}/cancel`)
}

async function testOnVersionTwo(world: StoryWorld, build: number | undefined): Promise<void> {
  const { liWei, admin, neighbours, versionTwo } = world
  await admin.put('/settings/external_test_server_url', { value: versionTwo.url })
  const run = await testBuild(world, build)
  await admin.put('/settings/external_test_server_url', { value: neighbours.testServer.url })
  for (const query of ['?offset=20', '?offset=9999', '?offset=x'])
    await liWei.get(`/deploy-test-runs/${run}/log${query}`)
}
