// Does what the timetable does by itself once an hour, in a process of its own, as a worker does.
import { readConfig } from '../../../src/config.ts'
import { createContext } from '../../../src/context.ts'
import { cleanUpHistory } from '../../../src/jobs/clean-up-history.ts'
import { presentRun } from '../../../src/present-run.ts'
import { loadSecrets } from '../../../src/secrets.ts'

process.on('disconnect', () => process.exit())
const [databaseUrl = '', dataDir = ''] = process.argv.slice(2)
const config = readConfig({
  ...{ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, ADMIN_PASSWD: 'only for measuring', ROLE: 'worker' },
  LOG_LEVEL: 'error',
})
const ctx = await createContext(config, await loadSecrets(config), databaseUrl, presentRun)
await cleanUpHistory(ctx)
process.send?.('done')
