import { existsSync, globSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { stopPostgresBelow } from './postgres.ts'
import { startProcess } from './processes.ts'
import { runTestFiles } from './run-test-files.ts'
import { stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { failed, heading, paint } from './terminal.ts'

const USAGE = `Runs all checks and tests, or the parts that are named.

  ./scripts/test [PART | FILE]...

  types        TypeScript            unit         tests that need nothing but this process
  lint         Biome                 integration  tests on a real PostgreSQL
  imports      who may import whom   e2e          tests in a real browser
  unused       dead code             tests        these three
                                     FILE         one test file, or several`

const bin = (name: string) => `node_modules/.bin/${name}`

const CHECKS: Record<string, [string, ...string[]]> = {
  types: [bin('tsc')],
  lint: [bin('biome'), 'check'],
  imports: [bin('depcruise'), 'src', 'prisma', 'scripts'],
  unused: [bin('knip')],
}

const testFiles = globSync('test/**/*.test.ts').sort()
const inBrowser = (file: string) => file.startsWith('test/e2e/')
const takesLong = (file: string) => /^test\/(e2e|faults|test-server|environments)\//.test(file)
/** Whoever enters test/world, or asks for an empty one, needs a database. */
const onDatabase = (file: string) =>
  /from '((\.\.?\/)+world[./]|\.\/story-world|.*\/empty-database\.ts)/.test(readFileSync(file, 'utf8'))

const TESTS: Record<string, () => string[]> = {
  unit: () => testFiles.filter(file => !inBrowser(file) && !onDatabase(file)),
  integration: () => testFiles.filter(file => !inBrowser(file) && onDatabase(file)),
  e2e: () => testFiles.filter(inBrowser),
  // Those that take long first: the short ones fill the rest evenly.
  tests: () => [...testFiles.filter(takesLong), ...testFiles.filter(file => !takesLong(file))],
}

const args = process.argv.slice(2)
if (args.includes('--help')) {
  console.log(USAGE)
  process.exit()
}

const stop = stopSignal()
const parts = args.filter(arg => arg in CHECKS || arg in TESTS)
const files = args.filter(arg => !parts.includes(arg)).map(fileFrom)
if (args.length === 0) parts.push(...Object.keys(CHECKS), 'tests')

const results: { part: string; ok: boolean; seconds: number }[] = []
try {
  for (const part of parts) await record(part, () => runPart(part))
  if (files.length > 0) await record('files', () => runTests('files', files))
} catch (error) {
  if (!stop.aborted) throw error
}
if (results.length > 1) printSummary()
// At once: the engine that migrated the template holds the process for ten seconds.
process.exit(stop.aborted ? 130 : results.every(({ ok }) => ok) ? 0 : 1)

/** A file as the caller wrote it, from where the caller stands or from the root. */
function fileFrom(arg: string): string {
  const path = [resolve(process.env.CALLER_DIR ?? '.', arg), resolve(arg)].find(existsSync)
  if (path) return relative('.', path)
  failed(`There is no part and no test file "${arg}".\n\n${USAGE}`)
  process.exit(2)
}

async function record(part: string, run: () => Promise<boolean>): Promise<void> {
  heading(part)
  const start = performance.now()
  const ok = await run()
  results.push({ part, ok, seconds: (performance.now() - start) / 1000 })
  stop.throwIfAborted()
}

async function runPart(part: string): Promise<boolean> {
  const [command, ...options] = CHECKS[part] ?? []
  if (command) return await execute(command, options)
  const chosen = TESTS[part]?.() ?? []
  if (chosen.length > 0) return await runTests(part, chosen)
  failed(`There are no ${part} tests`)
  return false
}

async function runTests(part: string, chosen: string[]): Promise<boolean> {
  // What tests leave in the temporary folder, for one when they are interrupted, goes with it.
  const folder = await temporaryFolder('crat-test-')
  let postgres: EmbeddedPostgres | undefined
  try {
    if (part !== 'unit') postgres = await startTestPostgres(`${folder}/postgres`)
    const env = {
      ...process.env,
      TMPDIR: folder,
      // Many processes of the same few programs: each is translated once.
      NODE_COMPILE_CACHE: `${folder}/compiled`,
      TEST_DATABASE_URL: postgres?.url,
    }
    return await runTestFiles({ files: chosen, env, stop })
  } finally {
    await postgres?.stop()
    await stopPostgresBelow(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

/** Its database `crat` is the template of each test's own. */
async function startTestPostgres(folder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(folder, { durable: false })
  await migrate(postgres.url)
  return postgres
}

async function execute(command: string, options: string[]): Promise<boolean> {
  stop.throwIfAborted()
  const running = startProcess(command, options)
  stop.addEventListener('abort', running.stop, { once: true })
  const code = await running.ended
  stop.removeEventListener('abort', running.stop)
  return code === 0
}

function printSummary(): void {
  heading('Summary')
  for (const { part, ok, seconds } of results) {
    const word = ok ? paint('green', 'passed') : paint('red', 'FAILED')
    console.log(`  ${part.padEnd(12)} ${word}  ${seconds.toFixed(1)} s`)
  }
}
