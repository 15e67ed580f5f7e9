// Takes over a CRAT 1.x database; --help says more.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { seed } from '../../prisma/seed.ts'
import { callerFolder, openOwnDatabase, runCommand } from '../command.ts'
import { connectDatabase } from '../database/client.ts'
import { AppError } from '../lib/errors.ts'
import { createSealer } from '../lib/sealer.ts'
import { migrate } from '../postgres/migrate.ts'
import { loadSecrets } from '../secrets.ts'
import { type ImportOptions, importFrom1x } from './import.ts'
import { printCounts, printDryRun, printRemarks, showProgress } from './print.ts'
import { openReport, type Report } from './report.ts'
import { openSource } from './source.ts'
import { openTarget } from './target.ts'

const HELP = `Copies builds, selections, test items, parameter sets, settings and finished runs of a CRAT 1.x database into this
CRAT's, as DATABASE_URL and .env name it. The old database is only read, also while CRAT 1.x runs.

  npm run import-1x -- --from postgres://user@host:5432/crat [--dry-run] [--report FILE] [--name NAME]

  --from URL     its password is read from PGPASSWORD or ~/.pgpass where it is not in there
  --dry-run      does it all and takes it back: shows what would be taken
  --report FILE  writes a line of JSON for each row that is not taken, or taken with a change
  --name NAME    of the old database, where rows of several are imported; "1.x" without it

Run it as often as you like: it goes on where it was interrupted, and takes what has come or changed since.
Exit status: 0 all was taken, 1 some rows were not (the report says why), 2 it could not be done.`

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      report: { type: 'string' },
      name: { type: 'string', default: '1.x' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  if (!values.from) throw new AppError('import:no_source')
  return run(values.from, { name: values.name, dryRun: values['dry-run'], report: values.report })
})

async function run(
  from: string,
  options: { name: string; dryRun: boolean; report?: string },
): Promise<number> {
  const opened = new AsyncDisposableStack()
  try {
    const report = await openReport(options.report ? resolve(callerFolder(), options.report) : null)
    opened.defer(() => report.close())
    const source = await openSource(from)
    opened.defer(() => source.close())
    const own = await openOwnDatabase(opened)
    const secrets = await loadSecrets(own.config)
    const migrated = await migrate(own.url)
    await seedOwn(own.url)
    const target = await openTarget(own.url, options.name, options.dryRun)
    opened.defer(() => target.close())
    const { previousJwtSecret } = own.config
    const sealer = createSealer([secrets.jwtSecret, ...(previousJwtSecret ? [previousJwtSecret] : [])])
    const status = await importAndPrint({ source, target, sealer }, report, options.dryRun)
    if (options.dryRun) printDryRun(migrated.length)
    return status
  } finally {
    await opened.disposeAsync()
  }
}

async function importAndPrint(
  databases: Pick<ImportOptions, 'source' | 'target' | 'sealer'>,
  report: Report,
  dryRun: boolean,
): Promise<number> {
  const counts = await importFrom1x({
    ...databases,
    onProgress: showProgress,
    say: line => console.log(line),
    remark: remark => report.add(remark),
  })
  printRemarks(report)
  printCounts(counts, dryRun)
  return [...counts.values()].some(({ notTaken }) => notTaken > 0) ? 1 : 0
}

async function seedOwn(url: string): Promise<void> {
  const connection = connectDatabase(url, 2)
  try {
    await seed(connection.pool)
  } finally {
    await connection.close()
  }
}
