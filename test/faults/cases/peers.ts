import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { makeDemoBuild } from '../../neighbours/demo-build.ts'
import { json, POLL, SUBMIT, taskAnswer } from '../../neighbours/test-server.ts'
import type { FaultCase, Figures } from '../fault-case.ts'
import { type FaultWorld, openFaultWorld, until } from '../world/index.ts'
import { isFinished, openWitness } from '../world/witness.ts'

/** How a peer misbehaves, and how a run ends that meets it. */
interface Misdeed {
  does: string
  arrange(world: FaultWorld, build: string): unknown
  ends: 'COMPLETED' | 'FAILED'
  outcome?: 'unknown'
  /** What the run's sentence says; for a completed run, its mail. */
  says?: RegExp
  withinMs: number
}

const NOBODY = 'http://127.0.0.1:1'
const RELEASE = /^GET .*cds-.*_release\.tgz/
const REPORT = /./
const PADDING = 400_000

const huge = () => ({ body: Buffer.alloc(50 * 1024 ** 2, '{"a":') })
const html = { headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' }
const halfJson = { headers: { 'content-type': 'application/json' }, body: '{"task_id": "task-1", "sta' }

const PACKAGES: Misdeed[] = [
  {
    does: 'lists 100,000 files',
    arrange: ({ neighbours }, build) => {
      const names = Array.from({ length: 100_000 }, (_, i) => `sds-${i}_release.tgz`)
      const name = `cds-5.3.9-${build}_x86_64-linux-gnu_20240626_release.tgz`
      const body = [name, 'SHA256SUMS', ...names].map(file => `<a href="${file}">${file}</a>\n`).join('')
      neighbours.packageServer.answerNext('GET /build', { headers: { 'content-type': 'text/html' }, body })
    },
    ends: 'COMPLETED',
    withinMs: 20_000,
  },
  {
    does: 'cuts the line at random points',
    arrange: ({ neighbours }) =>
      neighbours.packageServer.answerNext(
        RELEASE,
        ...[1, 2, 3].map(() => ({ damage: { cutAfter: randomInt(PADDING / 4) } })),
      ),
    ends: 'COMPLETED',
    withinMs: 40_000,
  },
  {
    does: 'refuses',
    arrange: world => set(world, 'package_download_base_url', NOBODY),
    ends: 'FAILED',
    says: /refused the connection/,
    withinMs: 10_000,
  },
  {
    does: 'sends a corrupt gzip',
    arrange: ({ neighbours }) =>
      neighbours.packageServer.answerNext(RELEASE, { damage: { flipByteAt: PADDING / 2 } }),
    ends: 'FAILED',
    says: /is not what was built|is damaged/,
    withinMs: 10_000,
  },
  {
    does: 'redirects in a circle',
    arrange: ({ neighbours }) =>
      neighbours.packageServer.answerAlways('GET /build', {
        status: 302,
        headers: { location: '/build/round/' },
      }),
    ends: 'FAILED',
    says: /redirect/,
    withinMs: 20_000,
  },
  {
    does: 'changes the file in between',
    async arrange({ neighbours }, commit) {
      const folder = `build/CDN/Core/20240626-story_container-${commit}`
      // With a checksum of the old file beside it, the new one would rightly be refused.
      await rm(join(neighbours.packageServer.root, folder, 'SHA256SUMS'))
      neighbours.packageServer.answerNext(RELEASE, { damage: { cutAfter: PADDING / 2 } })
      void neighbours.packageServer
        .waitForRequest(new RegExp(`^GET .*${commit}.*release`))
        .then(() => makeDemoBuild(neighbours.packageServer.root, { commit, padding: PADDING }))
    },
    ends: 'COMPLETED',
    withinMs: 40_000,
  },
  {
    does: 'lies about the length',
    arrange: ({ neighbours }) =>
      neighbours.packageServer.answerAlways(RELEASE, {
        headers: { 'content-length': '20000', 'content-type': 'application/gzip' },
        body: gzipSync(randomBytes(50_000)),
      }),
    ends: 'FAILED',
    says: /is incomplete|is not what was built/,
    withinMs: 60_000,
  },
  {
    does: 'offers more than the disk holds',
    arrange: ({ neighbours }) =>
      neighbours.packageServer.answerAlways(RELEASE, {
        headers: { 'content-length': `${10 ** 15}`, 'content-type': 'application/gzip' },
        body: gzipSync(randomBytes(50_000)),
      }),
    ends: 'FAILED',
    says: /Not enough disk space/,
    withinMs: 10_000,
  },
  {
    does: 'stalls in the middle',
    arrange: ({ neighbours }) =>
      neighbours.packageServer.answerNext(RELEASE, { damage: { stallAfter: PADDING / 2 } }),
    ends: 'COMPLETED',
    withinMs: 60_000,
  },
]

const TESTS: Misdeed[] = [
  ...[
    ['answers the submit with 500', json({ error: 'disk on fire' }, 500), /answered 500.*disk on fire/],
    ['answers the submit with HTML', html, /not JSON.*Log in/s],
    ['answers the submit with half a JSON', halfJson, /not JSON/],
    ['answers the submit with 50 MB', huge(), /larger than \d+ bytes.*not repeated/s],
    ['hangs up on the submit', 'hang-up' as const, /cut the connection.*not repeated/s],
  ].map(([does, answer, says]) => ({
    does: does as string,
    arrange: ({ neighbours }: FaultWorld) => neighbours.testServer.answerNext(SUBMIT, answer as 'hang-up'),
    ends: 'FAILED' as const,
    says: says as RegExp,
    withinMs: 10_000,
  })),
  {
    does: 'refuses',
    arrange: world => set(world, 'external_test_server_url', NOBODY),
    ends: 'FAILED',
    says: /refused the connection/,
    withinMs: 10_000,
  },
  {
    does: 'answers polls with 500, HTML, half a JSON, 50 MB, an unknown status, silence',
    async arrange(world) {
      await set(world, 'query_timeout', 2)
      const nobodyKnows = taskAnswer('meditating')
      const answers = [json({}, 500), html, halfJson, huge(), nobodyKnows, 'silence' as const]
      world.neighbours.testServer.answerNext(POLL, ...answers)
    },
    ends: 'COMPLETED',
    withinMs: 30_000,
  },
  {
    does: 'has lost the task after its restart',
    arrange: ({ neighbours }) =>
      neighbours.testServer.answerAlways(POLL, json({ error: 'no such task' }, 404)),
    ends: 'FAILED',
    says: /lost task .* 404 three times/,
    withinMs: 10_000,
  },
  {
    does: 'never ends the task',
    async arrange(world) {
      await set(world, 'max_query_hours', 0.001)
      world.neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
    },
    ends: 'FAILED',
    says: /not finished after 0\.001 h/,
    withinMs: 15_000,
  },
]

const HANGING_SUBMIT: Misdeed[] = [
  {
    does: 'never answers the submit',
    arrange: ({ neighbours }) => neighbours.testServer.answerNext(SUBMIT, 'silence'),
    ends: 'FAILED',
    says: /not answer within 300 s.*not repeated/s,
    withinMs: 320_000,
  },
]

const REPORTS: Misdeed[] = [
  ['is gone', { status: 404 }],
  ['is no JSON', html],
  ['is huge', huge()],
  ['hangs up', 'hang-up' as const],
  ['is silent', 'silence' as const],
].map(([does, answer]) => ({
  does: does as string,
  arrange: ({ neighbours }: FaultWorld) => neighbours.reportServer.answerAlways(REPORT, answer as 'silence'),
  ends: 'COMPLETED' as const,
  outcome: 'unknown' as const,
  withinMs: 180_000,
}))

export const peerCases: FaultCase[] = [
  meeting('packages', 'the package server', PACKAGES),
  meeting('tests', 'the test server', TESTS, 5),
  meeting('tests-hang', 'the test server', HANGING_SUBMIT),
  meeting('reports', 'the report server', REPORTS),
]

function meeting(name: string, peer: string, misdeeds: Misdeed[], quick?: number): FaultCase {
  return {
    name: `peers/${name}`,
    about: `${peer} ${misdeeds.length === 1 ? misdeeds[0]?.does : `misbehaves in ${misdeeds.length} ways`}`,
    rounds: misdeeds.length,
    quick,
    async run(postgres, rounds) {
      await using stack = new AsyncDisposableStack()
      const world = await openFaultWorld(postgres, { role: 'all' })
      stack.defer(world.close)
      const witness = await openWitness(world)
      stack.defer(witness.close)
      const took: Figures = {}
      for (let round = 0; round < rounds; round += 1) {
        const misdeed = misdeeds[round % misdeeds.length]
        if (misdeed) took[misdeed.does] = `${(await meet(world, misdeed, 8000 + round)).toFixed(1)} s`
      }
      return { ...took, ...(await witness.everyMailArrived()) }
    },
  }
}

interface Ended {
  status: string
  outcome: string
  error_message: string | null
}

async function meet(world: FaultWorld, misdeed: Misdeed, build: number): Promise<number> {
  const build_info_id = await world.buildCore(build, PADDING)
  await misdeed.arrange(world, `c54239ed${build}`)
  const began = performance.now()
  const id = await world.trigger({ build_info_id })
  const look = async () =>
    (
      await world.sql<Ended>('SELECT status, outcome, error_message FROM deploy_test_runs WHERE id = $1', [
        id,
      ])
    )[0]
  const ends = async () => isFinished((await look())?.status ?? '')
  await until(`the run ends that meets a peer which ${misdeed.does}`, ends, misdeed.withinMs)
  const seconds = (performance.now() - began) / 1000
  const run = await look()
  const said = `${misdeed.does}: ${run?.status} ${run?.outcome} ${run?.error_message}`
  assert.equal(run?.status, misdeed.ends, said)
  if (misdeed.outcome) assert.equal(run.outcome, misdeed.outcome, said)
  if (misdeed.says) assert.match(run.error_message ?? '', misdeed.says)
  await mailTells(world, id, run)
  await makeUp(world)
  return seconds
}

/** Its mail says the same sentence; that of a run without figures says that there are none. */
async function mailTells({ sql }: FaultWorld, id: number, run: Ended): Promise<void> {
  const [owed] = await sql<{ text: string }>('SELECT text FROM notifications WHERE run_id = $1', [id])
  const text = owed?.text.replaceAll(/\s+/g, ' ') ?? ''
  if (run.error_message)
    assert.ok(text.includes(run.error_message.replaceAll(/\s+/g, ' ')), `the mail does not say it: ${text}`)
  else if (run.outcome === 'unknown') assert.match(text, /report|figure/i)
}

async function makeUp(world: FaultWorld): Promise<void> {
  const { packageServer, testServer, reportServer } = world.neighbours
  for (const peer of [packageServer, testServer, reportServer]) peer.behave()
  await set(world, 'package_download_base_url', world.lines.packages.url)
  await set(world, 'external_test_server_url', world.lines.tests.url)
  await set(world, 'query_timeout', 30)
  await set(world, 'max_query_hours', 3)
}

async function set({ admin }: FaultWorld, key: string, value: unknown): Promise<void> {
  const { status, body } = await admin.put(`/settings/${key}`, { value })
  assert.equal(status, 200, body.error)
}
