import { rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import pg from 'pg'
import { HOSTS } from '../../test/upgrades/hosts.ts'
import { freePort, startCrat } from './crat.ts'
import { cleanUpAll } from './processes.ts'
import { stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { fillByApi, fillRest, type Peers, RELEASE_ENVIRONMENT, startPeers } from './upgrade/fill.ts'

const HELP = `Makes test/upgrades/VERSION.sql: a small database that a release of CRAT has filled, with a run that is active, one
that is queued, mails that wait and sealed secrets. The tests upgrade each of them. Do it once for each release.

  ./scripts/upgrade-dump VERSION --database postgresql://… [--program FOLDER]

  --database  an empty database; pg_dump must not be older than its server
  --program   a checkout of that release with its dependencies, built; this one if missing`

const root = resolve(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string' },
    program: { type: 'string', default: root },
    help: { type: 'boolean', default: false },
  },
})
const [version] = positionals
if (values.help || !version || !values.database) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}

const cleanUps: (() => Promise<void>)[] = []
const stop = stopSignal()
try {
  await makeDump(version, values.database, values.program)
} finally {
  await cleanUpAll(cleanUps)
}

async function makeDump(version: string, databaseUrl: string, program: string): Promise<void> {
  const dataDir = await temporaryFolder('crat-upgrade-')
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }))
  const peers = await startPeers()
  cleanUps.push(peers.close)
  const crat = startCrat({
    ...{ dataDir, port: await freePort(0), env: { ...RELEASE_ENVIRONMENT, DATABASE_URL: databaseUrl } },
    command: [process.execPath, '--disable-warning=ExperimentalWarning', join(program, 'src/server.ts')],
  })
  cleanUps.push(crat.stop)
  await crat.ready(stop)
  await fillByApi(crat.url, peers)
  // As a crash leaves it: the run stays active.
  process.kill(crat.pid, 'SIGKILL')
  await fillRest(databaseUrl)
  for (const table of await emptyTables(databaseUrl)) console.log(`${table} is empty`)
  const file = join(root, `test/upgrades/${version}.sql`)
  await writeFile(file, withNames(await dump(databaseUrl), peers))
}

async function emptyTables(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  const empty: string[] = []
  for (const { tablename } of rows)
    if (!(await client.query(`SELECT FROM "${tablename}" LIMIT 1`)).rowCount) empty.push(tablename)
  await client.end()
  return empty
}

/** As statements that any client can send: without what only psql understands. */
async function dump(databaseUrl: string): Promise<string> {
  const { stdout } = await execa('pg_dump', ['--inserts', '--no-owner', '--no-privileges', databaseUrl])
  const lines = stdout.split('\n').filter(line => !/^(\\|--|SET |SELECT pg_catalog.set_config)/.test(line))
  const statements = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return `-- Dumped at ${new Date().toISOString()}\n${statements}\n`
}

/** The peers are elsewhere when it is loaded. */
function withNames(sql: string, { neighbours, endless }: Peers): string {
  return sql
    .replaceAll(neighbours.packageServer.url, HOSTS.packages)
    .replaceAll(neighbours.testServer.url, HOSTS.testServer)
    .replaceAll(neighbours.reportServer.url, HOSTS.reports)
    .replaceAll(endless.url, HOSTS.endless)
}
