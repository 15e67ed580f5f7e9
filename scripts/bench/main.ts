import { rm, writeFile } from 'node:fs/promises'
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { cleanUpAll } from '../lib/processes.ts'
import { stopped, stopSignal } from '../lib/signals.ts'
import { temporaryFolder } from '../lib/temporary-folder.ts'
import { heading } from '../lib/terminal.ts'
import { type Bench, createBench, type Part } from './bench.ts'
import { openDatabases } from './databases.ts'
import { type Figure, growthOf, ratioOf } from './figures.ts'
import { describeMachine, type Machine } from './machine.ts'
import { readOptions } from './options.ts'
import { openOtherServer } from './other-server.ts'
import { PARTS } from './parts/index.ts'
import { printTable } from './table.ts'

const options = readOptions(PARTS)
const stop = stopSignal()
const cleanUps: (() => Promise<void>)[] = []
const figures: (Figure & { part: string })[] = []
let part = ''

try {
  await Promise.race([measureAll(), interrupted()])
} catch (error) {
  process.exitCode = 1
  if (stop.aborted) process.exitCode = 130
  else console.error(error)
} finally {
  await cleanUpAll(cleanUps)
}
// At once: what was interrupted still holds the process.
process.exit()

async function interrupted(): Promise<never> {
  await stopped(stop)
  throw stop.reason
}

async function measureAll(): Promise<void> {
  const { bench, machine } = await prepare()
  const { cores, cpu, memoryGb, node, postgres, loadBefore } = machine
  console.log(`${cores} cores (${cpu}), ${memoryGb} GB, Node.js ${node}, PostgreSQL ${postgres}`)
  if (loadBefore > cores / 2) console.log(`The machine is not idle: its load is ${loadBefore}`)
  for (const { name, about, measure } of PARTS) {
    if (options.chosen.length > 0 && !options.chosen.includes(name)) continue
    part = name
    heading(`${name}: ${about}`)
    await measurePart(measure, bench)
    printTable(figures.filter(figure => figure.part === name))
  }
  if (options.jsonFile) await writeJson(options.jsonFile, bench, machine)
  if (options.strict && figures.some(({ target }) => target?.met === false)) process.exitCode = 1
}

/** One that fails does not keep the others from being measured. */
async function measurePart(measure: Part['measure'], bench: Bench): Promise<void> {
  const before = cleanUps.length
  try {
    await measure(bench)
  } catch (error) {
    stop.throwIfAborted()
    process.exitCode = 1
    console.error(error)
  }
  await cleanUpAll(cleanUps.splice(before))
}

async function prepare(): Promise<{ bench: Bench; machine: Machine }> {
  const folder = await temporaryFolder('crat-bench-')
  cleanUps.push(() => rm(folder, { recursive: true, force: true }))
  const databases = await openDatabases(options.database ?? (await startPostgres(folder)))
  cleanUps.push(databases.close)
  const other = options.beside ? await openOtherServer(options.beside) : null
  const record = (figure: Figure) => void figures.push({ part, ...figure })
  const bench = createBench({ options, folder, databases, other, signal: stop, record }, cleanUp =>
    cleanUps.push(cleanUp),
  )
  return { bench, machine: describeMachine(databases.version) }
}

/** With the settings of production. */
async function startPostgres(folder: string): Promise<string> {
  const postgres = await startEmbeddedPostgres(`${folder}/postgres`)
  cleanUps.push(() => postgres.stop())
  return postgres.url
}

function writeJson(file: string, { sizes }: Bench, machine: Machine): Promise<void> {
  const { quick, scale, chosen } = options
  const measured = figures.map(figure => ({ ...figure, ratio: ratioOf(figure), growth: growthOf(figure) }))
  const content = { machine, options: { quick, scale, parts: chosen }, sizes, figures: measured }
  return writeFile(file, `${JSON.stringify(content, null, 2)}\n`)
}
