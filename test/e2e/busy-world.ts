import assert from 'node:assert/strict'
import { CHANNEL_EVENTS as EVERYTHING } from '../../src/channels/channel-fields.ts'
import { makeDemoBuild } from '../neighbours/demo-build.ts'
import { json, POLL, SUBMIT, taskAnswer } from '../neighbours/test-server.ts'
import { type ApiClient, coreBuild, startWorkingWorld, type WorkingWorld } from '../world/index.ts'

const LONG = 'edge-cache-'.repeat(20).slice(0, 200)

export interface BusyWorld extends WorkingWorld {
  /** Every page that a user may open. */
  pages: string[]
  /** Those of them that have more for an admin. */
  pagesWithMore: string[]
  /** Those that only an admin may open. */
  adminPages: string[]
}

/** A CRAT with something of everything, and names that break a careless page. */
export async function startBusyWorld(): Promise<BusyWorld> {
  const world = await startWorkingWorld()
  const { admin, neighbours } = world
  const chenJie = await world.logIn('chen.jie@example.com')
  const whoIsLong = await world.logIn(`${'x'.repeat(60)}@${'a-long-department-name.'.repeat(4)}example.com`)

  await world.buildCore(100)
  await world.buildCore(101)
  const { packagePath } = await makeDemoBuild(neighbours.packageServer.root)
  const builds = [
    { JOB_NAME: '<b>"x"</b>', PACKAGE_PATH: `${packagePath}/<i>&amp;</i>` },
    { JOB_NAME: '作业 A/B', PACKAGE_PATH: packagePath, BUILD_USER: '李伟' },
    { JOB_NAME: LONG, PACKAGE_PATH: `${LONG}/${LONG}`, BUILD_USER: LONG },
  ]
  for (const build of builds) await world.anyone.post('/builds', coreBuild(2_147_483_647, build))
  const { body: set } = await admin.post('/parameter-sets', {
    name: LONG,
    description: LONG,
    parameters: { base_url: `http://${LONG}`, [LONG]: { deep: [LONG] } },
  })
  await admin.put(`/parameter-sets/${set.data.id}`, { parameters: { install_dir: LONG } })
  const items = [
    { name: LONG, description: LONG, associated_job_name: LONG, associated_parameter_set_id: set.data.id },
    { name: '<b>"x"</b>', associated_job_name: '<b>"x"</b>', notification_enabled: false },
    { name: '作业', associated_job_name: '作业 A/B', description: '第一行\n第二行' },
    { name: 'nothing linked' },
  ]
  const ids = [world.cds]
  for (const item of items) ids.push((await admin.post('/test-items', item)).body.data.id)
  const [, long = 0, , chinese = 0] = ids

  const channels = [
    { name: LONG.slice(0, 100), kind: 'slack', url: 'http://127.0.0.1:9/a-robot', events: EVERYTHING },
    { name: '值班群 <b>', kind: 'mail', recipients: [`${LONG.slice(0, 60)}@example.com`], enabled: false },
  ]
  for (const channel of channels) {
    const { status, body } = await admin.post('/channels', channel)
    assert.equal(status, 201, body.error)
  }
  const { rack, joint } = await runTogether(world, chenJie)
  const passed = await world.trigger(chenJie)
  const failed = (await whoIsLong.post(`/test-items/${long}/deploy-test`)).body.data.run_id
  await neighbours.mailSink.waitForMail(mail => mail.html?.includes(`/runs/${failed}`) ?? false)
  neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
  const active = await world.trigger(chenJie)
  const queued = (await whoIsLong.post(`/test-items/${long}/deploy-test`)).body.data.run_id
  const cancelled = (await chenJie.post(`/test-items/${chinese}/deploy-test`)).body.data.run_id
  await chenJie.post(`/deploy-test-runs/${cancelled}/cancel`)

  const pagesWithMore = [
    ...['/tests', '/runs', '/builds', '/builds?job_name=CDN%2FCore', '/settings', '/setup'],
    ...ids.slice(0, 2).map(id => `/tests/${id}`),
    ...[active, queued].map(id => `/runs/${id}`),
    ...['/parameter-sets', '/parameter-sets/1', `/parameter-sets/${set.data.id}`],
    ...['/environments', '/environments/1', `/environments/${rack}`],
  ]
  return {
    ...world,
    pagesWithMore,
    pages: [
      ...pagesWithMore,
      ...['/tests?q=none', '/runs?status=passed', '/builds?q=core', '/search?q=c', '/nowhere', '/own-mails'],
      ...[joint, passed, failed, cancelled].map(id => `/runs/${id}`),
      ...[`/runs/${passed}/mail`, `/runs/${passed}/compare`, '/trends'],
      ...[`/builds?job_name=${encodeURIComponent(LONG)}`, `/tests/${world.cds}/trigger`],
      ...[`/tests/${world.cds}/results`, `/tests/${world.cds}/results/test?key=${await someTest(world)}`],
    ],
    adminPages: [
      '/parameter-sets/new',
      ...['channels', 'channels/1', 'channels/2', 'mail', 'sessions'].map(tab => `/settings/${tab}`),
      ...['audit', 'storage', 'doctor', 'tokens', 'alerts'].map(tab => `/settings/${tab}`),
      '/settings/mail/1',
    ],
  }
}

async function someTest({ liWei, cds }: WorkingWorld): Promise<string> {
  const { body } = await liWei.get(`/test-items/${cds}/tests?limit=1`)
  return encodeURIComponent(body.data[0].key)
}

/** A run in two environments, the first attempt of which failed. The second environment is paused afterwards. */
async function runTogether({ admin, cds, trigger, neighbours }: WorkingWorld, who: ApiClient) {
  const { testServer } = neighbours
  const input = { name: LONG.slice(0, 100), test_server_url: testServer.url, labels: ['linux', '实验室'] }
  const rack: number = (await admin.post('/environments', input)).body.data.id
  await admin.put(`/test-items/${cds}`, { environments_needed: 2, infrastructure_retries: 1 })
  testServer.answerNext(SUBMIT, json({ error: LONG }, 503))
  const joint = await trigger(who)
  await who.untilFinished(joint, 60_000)
  await admin.put(`/test-items/${cds}`, { environments_needed: 1, infrastructure_retries: 0 })
  await admin.put(`/environments/${rack}`, { state: 'paused' })
  return { rack, joint }
}
