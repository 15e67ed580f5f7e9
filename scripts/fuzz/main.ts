import { mkdir, rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import pMap from 'p-map'
import { freePort, startCrat } from '../lib/crat.ts'
import { stopSignal } from '../lib/signals.ts'
import { temporaryFolder } from '../lib/temporary-folder.ts'
import type { Door } from './door.ts'
import { type Figures, judge, measure, newFigures, report } from './figures.ts'
import { formDoor } from './form-door.ts'
import { logIn } from './log-in.ts'
import { brokenLines } from './log-lines.ts'
import { peerDoors } from './peer-doors.ts'
import { createRequests } from './requests.ts'
import { webDoors } from './web-doors.ts'

const USAGE = `Sends hostile input through every door of CRAT and reports what is not refused in order.

  npm run fuzz -- [--inputs N] [--seed S] [--door NAME]

Fails on an answer of 500 or more, an unexpected error, a second of waiting, or memory that grows.`

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000_000}` },
    door: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const [inputs, seed] = [Number(values.inputs), Number(values.seed)]
if (!(inputs >= 1) || !Number.isInteger(seed)) {
  console.error(USAGE)
  process.exit(2)
}

const BATCH = 500
const CONCURRENCY = 8
const ADMIN_PASSWORD = 'only-for-the-fuzzer-0123456789'

const stop = stopSignal()
const folder = await temporaryFolder('crat-fuzz-')
await mkdir(`${folder}/data`)
const env = {
  ADMIN_PASSWD: ADMIN_PASSWORD,
  JWT_SECRET: 'only for the fuzzer, only for the fuzzer',
  LOG_LEVEL: 'debug',
  TRUST_PROXY: '1',
}
const crat = startCrat({ dataDir: `${folder}/data`, port: await freePort(0), env })
let failed = true
try {
  await crat.ready(stop)
  const admin = await logIn(crat.url, 'admin', ADMIN_PASSWORD)
  const user = await logIn(crat.url, 'li.wei@example.com')
  const requests = createRequests(crat.url)
  const peers = await peerDoors()
  const forms = await formDoor(crat.url, admin, requests)
  const all = [...webDoors(requests, admin, user), forms, ...peers.doors]
  const figures = await fuzz(all.filter(({ name }) => !values.door || name === values.door))
  await Promise.all([requests.close(), peers.close()])
  figures.failures.push(...(await brokenLines(crat.logFile)))
  console.log(report(figures, seed))
  failed = stop.aborted || judge(figures).length > 0
} finally {
  await crat.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

async function fuzz(doors: Door[]): Promise<Figures> {
  const figures = newFigures()
  console.log(`${inputs} inputs, seed ${seed}`)
  for (let batch = 0; figures.inputs < inputs && !stop.aborted; batch += 1) {
    const door = doors[batch % doors.length]
    if (!door) throw new Error(`no door is named ${values.door}`)
    const numRuns = Math.min(BATCH, inputs - figures.inputs)
    const samples = fc.sample(door.inputs, { seed: seed + batch, numRuns })
    await pMap(samples, input => measure(figures, door, input), { concurrency: CONCURRENCY })
    if (batch % doors.length === doors.length - 1) await figures.memory.sample(crat.url)
  }
  await figures.memory.sample(crat.url)
  return figures
}
