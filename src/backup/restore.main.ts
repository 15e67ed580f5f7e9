// Restores a backup; --help says more.
import { openOwnDatabase, runFileCommand } from '../command.ts'
import { createSealer } from '../lib/sealer.ts'
import { loadSecrets } from '../secrets.ts'
import { findSealedOtherwise } from './check-sealed.ts'
import { restoreBackup } from './restore.ts'

const HELP = `Fills an empty database and DATA_DIR, as .env names them, from a backup; then counts every table.

  ./scripts/restore FILE.tar.gz

The backup is verified before anything is written. CRAT must not run on that database yet. Put back .env, and
DATA_DIR/jwt-secret where JWT_SECRET is not set, before: without that secret nothing that is sealed can be opened.
Exit status: 0 all is there, 1 it is there but sealed values cannot be opened, 2 it could not be restored.`

await runFileCommand(HELP, restore)

async function restore(file: string, opened: AsyncDisposableStack): Promise<number> {
  const { config, url } = await openOwnDatabase(opened, { mayCreate: true })
  const { manifest, contents } = await restoreBackup({ file, url, dataDir: config.dataDir })
  const rows = Object.values(contents.tables).reduce((sum, table) => sum + table.rows, 0)
  console.log(
    `Restored the backup of ${manifest.created_at} (CRAT ${manifest.app_version}): ${rows} rows of ${manifest.tables.length} tables, counted; ${Object.keys(contents.files).length} files.`,
  )
  const { jwtSecret } = await loadSecrets(config)
  const sealer = createSealer([jwtSecret, ...(config.previousJwtSecret ? [config.previousJwtSecret] : [])])
  const closed = await findSealedOtherwise(url, sealer)
  if (!closed.length) return 0
  console.error(
    `These are sealed with another secret and cannot be opened: ${closed.join(', ')}.\nPut back the JWT_SECRET (or DATA_DIR/jwt-secret) of the backup's CRAT, or set it as PREVIOUS_JWT_SECRET, or type them again.`,
  )
  return 1
}
