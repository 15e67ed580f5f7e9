import { rm } from 'node:fs/promises'
import { startEmbeddedPostgres } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A PostgreSQL for tests, in a temporary folder. Its database `crat` is the template of each test's own. */
export interface TestPostgres {
  url: string
  stop(): Promise<void>
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await temporaryFolder('crat-test-postgres-')
  const postgres = await startEmbeddedPostgres(folder, { durable: false })
  await migrate(postgres.url)
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
