// Writes a backup; --help says more.
import { access } from 'node:fs/promises'
import { openOwnDatabase, runFileCommand } from '../command.ts'
import { AppError } from '../lib/errors.ts'
import { formatBytes } from '../lib/format.ts'
import { readVersion } from '../version.ts'
import { writeBackup } from './backup.ts'

const HELP = `Writes CRAT's database as it is at this moment, and the files in DATA_DIR that belong to it, while CRAT runs.

  ./scripts/backup FILE.tar.gz

In it are all rows, test scripts, kept reports and builds that wait on disk. Not in it: downloaded packages, which are
fetched again, and secrets. Keep .env, and DATA_DIR/jwt-secret where JWT_SECRET is not set, elsewhere: without
that secret nothing that is sealed in the database can be opened.`

await runFileCommand(HELP, backUp)

async function backUp(file: string, opened: AsyncDisposableStack): Promise<number> {
  if (await exists(file)) throw new AppError('backup:exists', { file })
  const { config, url } = await openOwnDatabase(opened)
  const { app_version: version } = readVersion(config.commitHash)
  const { tables, files } = await writeBackup({ file, url, dataDir: config.dataDir, version })
  const sums = [...Object.values(tables), ...Object.values(files)]
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
  const bytes = sums.reduce((sum, each) => sum + each.bytes, 0)
  console.log(
    `${file}: ${rows} rows of ${Object.keys(tables).length} tables, ${Object.keys(files).length} files, ${formatBytes('en', bytes)} before compression.`,
  )
  console.log(
    config.jwtSecret
      ? 'JWT_SECRET is not in it: keep it elsewhere.'
      : `${config.dataDir}/jwt-secret is not in it: keep a copy elsewhere.`,
  )
  return 0
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
