import { globSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pathInProject } from '../../../src/lib/root.ts'
import { connectClient } from '../../../src/postgres/connect.ts'
import { createIndexes } from '../../../src/postgres/indexes.ts'
import { applyMigrations } from '../../../src/postgres/schema-engine.ts'
import type { Part } from '../bench.ts'
import { atMost } from '../figures.ts'
import { fill } from '../fill.ts'
import { watchLocks } from '../lock-waits.ts'

/** The last migration of 2.0.0: those before it met empty databases only. */
const FIRST_RELEASE = '20261120040000_timetable'

const BIG_TABLES = [
  ...['build_info', 'deploy_test_runs', 'deploy_test_steps', 'test_results'],
  ...['test_comparisons', 'notifications', 'job_version_history', 'audit_log'],
]

export const migrations: Part = {
  name: 'migrations',
  about: 'each migration with 1,000,000 builds, 1,000,000 runs, as many test results: how long others wait',
  async measure({ databases, options, signal, record }) {
    const url = await databases.create()
    const known = migrationNames()
    await applyMigrations({ url, names: known.filter(name => name <= FIRST_RELEASE) })
    const number = Math.round(1_000_000 * options.scale)
    const sizes = { builds: number, runs: number, testsPerRun: 1, oldest: true }
    await fill(url, sizes, signal)
    const watch = await watchLocks(url, BIG_TABLES)
    const measureWaits = async (name: string, work: () => Promise<unknown>) => {
      signal.throwIfAborted()
      await watch.take()
      const began = performance.now()
      await work()
      const seconds = (performance.now() - began) / 1000
      const { read, write } = await watch.take()
      const note = `reads of ${read.table} ${read.seconds.toFixed(2)} s, writes to ${write.table} ${write.seconds.toFixed(2)} s`
      const longest = Math.max(read.seconds, write.seconds)
      record({ name, unit: 's', ours: seconds })
      record({ name: '… longest wait', unit: 's', ours: longest, target: atMost(1, 's', longest), note })
    }
    for (const name of known.filter(name => name > FIRST_RELEASE))
      await measureWaits(name, () => applyMigrations({ url, names: known.filter(other => other <= name) }))
    await measureWaits('indexes, created by a worker', () => createAllIndexes(url))
    await watch.stop()
  },
}

async function createAllIndexes(url: string): Promise<void> {
  const client = await connectClient(url)
  try {
    await createIndexes(client)
  } finally {
    await client.end()
  }
}

function migrationNames(): string[] {
  const files = globSync(pathInProject('prisma/migrations/*/migration.sql'))
  return files.map(file => basename(dirname(file))).sort()
}
