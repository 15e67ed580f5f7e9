import { rm } from 'node:fs/promises'
import { startEmbeddedPostgres } from '../../src/database/embedded.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A PostgreSQL for tests, in a temporary folder. */
export interface TestPostgres {
  url: string
  stop(): Promise<void>
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await temporaryFolder('crat-test-postgres-')
  const postgres = await startEmbeddedPostgres(folder, { durable: false })
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
