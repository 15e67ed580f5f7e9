import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { POLL, taskAnswer } from '../neighbours/test-server.ts'
import { CORE, coreBuild, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()
const { reportServer, testServer } = world.neighbours
const script = fileURLToPath(new URL('../../scripts/crat', import.meta.url))
const reports = fileURLToPath(new URL('../fixtures/allure/allure3-3.18-awesome/', import.meta.url))
let token = ''

interface Ended {
  status: number
  said: string
  complained: string
}

function crat(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const environment = { PATH: process.env.PATH, CRAT_URL: `${world.url}/`, CRAT_TOKEN: token, ...env }
  return new Promise(resolve =>
    execFile('sh', [script, ...args], { env: environment }, (error, said, complained) =>
      resolve({ status: Number(error?.code ?? 0), said, complained }),
    ),
  )
}

before(async () => {
  await world.buildCore(101)
  await world.anyone.post('/builds', coreBuild(102))
  const answer = await world.admin.post('/tokens', { name: 'ci', scopes: ['trigger'] })
  token = answer.body.data.token
  await cp(reports, join(reportServer.root, 'failing'), { recursive: true })
})

describe('crat trigger', () => {
  it('waits for the run, says how it ended and exits with 0 where it passed', async () => {
    const { status, said, complained } = await crat(['trigger', 'cds', '--build', '101', '--wait'])
    assert.equal(status, 0, complained)
    assert.match(said, /^Run (\d+) of cds: http.*\/runs\/\1\n/)
    assert.match(said, /27 of 28 tests passed\.\nRun \d+ passed\.\n$/)
    const { body } = await world.liWei.get(`/test-items/${world.cds}/deploy-runs`)
    assert.deepEqual([body.data[0].trigger, body.data[0].triggered_by], ['token', 'token:ci'])
  })

  it('exits with 1 where a test failed', async () => {
    const result = { deploy: { success: true }, test: { report_url: `${reportServer.url}/failing/` } }
    testServer.answerNext(POLL, taskAnswer('completed', { result }))
    const { status, said, complained } = await crat(['trigger', `${world.cds}`, '--wait', '--build', '101'])
    assert.equal(status, 1, complained)
    assert.match(said, /2 of 5 tests passed/)
    assert.match(complained, /^crat: run \d+ failed\n$/)
  })

  it('exits with 3 where the run ended with an error, and warns before', async () => {
    const { status, said, complained } = await crat(['trigger', 'cds', '--wait', '--build', '102'])
    assert.equal(status, 3)
    assert.match(said, /Warning: .*build 102 of CDN\/Core has no package yet/)
    assert.match(complained, /^crat: run \d+ ended with an error: .*\S/)
  })

  it('exits with 4 where there is no verdict', async () => {
    const result = { deploy: { success: true }, test: { report_url: 'None' } }
    testServer.answerNext(POLL, taskAnswer('completed', { result }))
    assert.equal((await crat(['trigger', 'cds', '--wait', '--build', '101'])).status, 4)
  })

  it('without --wait exits at once; with --timeout it does not wait for longer', async () => {
    await world.admin.put('/settings', { queue_paused: true })
    const queued = await crat(['trigger', 'cds'])
    assert.equal(queued.status, 0, queued.complained)
    const { status, said, complained } = await crat(['trigger', 'cds', '--wait', '--timeout', '1'])
    assert.equal(status, 5)
    assert.match(said, /is queued/)
    assert.match(complained, /has not finished within 1 seconds/)
    await world.admin.put('/settings', { queue_paused: false })
  })

  it('takes any name as it is', async () => {
    for (const name of [`it's "quoted" & 100% $(id)`, '组件 测试', '77', '[a-z]*{1}']) {
      await world.admin.post('/test-items', { name, associated_job_name: CORE })
      const { status, said, complained } = await crat(['trigger', name, '--build', '101'])
      assert.equal(status, 0, complained)
      assert.ok(said.includes(`of ${name}: `), said)
    }
  })

  it('exits with 6 and the words of CRAT where it is refused, or does not answer', async () => {
    const refused: [string[], Record<string, string>, RegExp][] = [
      [['trigger', 'none'], {}, /no test item is called none/],
      [['trigger', '999999'], {}, /999999/],
      [['trigger', 'cds', '--build', '999'], {}, /CDN\/Core has no build 999/],
      [['trigger', 'cds'], { CRAT_TOKEN: 'crat_wrong' }, /crat: \S+ \S+/],
      [['trigger', 'cds'], { CRAT_URL: 'http://127.0.0.1:9' }, /127\.0\.0\.1:9 does not answer/],
    ]
    for (const [args, env, words] of refused) {
      const { status, complained } = await crat(args, env)
      assert.equal(status, 6, `${args}`)
      assert.match(complained, words)
    }
  })

  it('exits with 2 and says what is wrong with its usage; --help says it all', async () => {
    const wrong: [string[], Record<string, string>][] = [
      [[], {}],
      [['deploy'], {}],
      [['trigger'], {}],
      [['trigger', 'cds', 'edge'], {}],
      [['trigger', 'cds', '--build'], {}],
      [['trigger', 'cds', '--build', '1"}'], {}],
      [['trigger', 'cds', '--timeout', 'soon'], {}],
      [['trigger', 'cds', '--force'], {}],
      [['trigger', 'cds'], { CRAT_URL: 'crat.example.com' }],
      [['trigger', 'cds'], { CRAT_TOKEN: 'with "quotes"\nand lines' }],
    ]
    for (const [args, env] of wrong) {
      const { status, complained } = await crat(args, env)
      assert.equal(status, 2, `${args}`)
      assert.match(complained, /^crat: \S+/)
    }
    const help = await crat(['--help'])
    assert.equal(help.status, 0)
    for (const words of ['CRAT_URL', 'CRAT_TOKEN', '--wait', 'Exit status'])
      assert.ok(help.said.includes(words))
  })
})
