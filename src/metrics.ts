import { statfs } from 'node:fs/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Queryable } from './database/client.ts'
import { RUN_STATUSES } from './lib/run-status.ts'

/** What Prometheus is told. Counters are this process' own; gauges are read from the database at each scrape. */
export type Metrics = ReturnType<typeof createMetrics>

export interface MetricSources {
  db: Queryable
  /** Folders whose disk must not fill up. */
  folders: Record<string, string>
  /** Announcements that wait on disk. */
  spooled(): Promise<number>
  pool(): { total: number; idle: number; waiting: number }
}

const SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 60, 300, 900, 3600, 10_800]

export function createMetrics(sources: MetricSources) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  addGauges(registry, sources)

  return {
    registry,
    webhooks: new Histogram({
      ...{ name: 'crat_webhook_seconds', help: 'Announcements of builds, by HTTP status', registers },
      ...{ labelNames: ['status'] as const, buckets: SECONDS.slice(0, 6) },
    }),
    steps: new Histogram({
      ...{ name: 'crat_step_seconds', help: 'How long runs stay in a state, by what ended it', registers },
      ...{ labelNames: ['state', 'event'] as const, buckets: SECONDS },
    }),
    polls: new Counter({
      ...{ name: 'crat_polls_total', help: 'Looks at tasks of the test server', registers },
      labelNames: ['result'] as const,
    }),
    downloadedBytes: new Counter({
      ...{ name: 'crat_downloaded_bytes_total', help: 'Bytes of packages fetched', registers },
    }),
    deliveries: new Counter({
      ...{ name: 'crat_mail_deliveries_total', help: 'Attempts to send a mail', registers },
      labelNames: ['result'] as const,
    }),
  }
}

function addGauges(registry: Registry, { db, folders, spooled, pool }: MetricSources): void {
  const gauge = (name: string, help: string, labelNames: string[], read: (gauge: Gauge) => Promise<void>) =>
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      async collect() {
        this.reset()
        // What cannot be read now is left out; crat_database_up says that the database is away.
        await read(this).catch(() => {})
      },
    })

  gauge('crat_database_up', '1 while the database answers', [], async up => {
    up.set(0)
    await db.$queryRaw`SELECT 1`
    up.set(1)
  })
  gauge('crat_runs', 'Runs by state and outcome', ['status', 'outcome'], async runs => {
    const rows = await db.run.groupBy({ by: ['status', 'outcome'], _count: true })
    for (const status of RUN_STATUSES) runs.set({ status, outcome: '' }, 0)
    for (const row of rows) {
      runs.set({ status: row.status, outcome: row.outcome ?? '' }, row._count)
    }
  })
  gauge('crat_queue_length', 'Runs that wait', [], async length => {
    length.set(await db.run.count({ where: { status: 'PENDING' } }))
  })
  gauge('crat_queue_age_seconds', 'How long the oldest waiting run has waited', [], async age => {
    const oldest = await db.run.findFirst({ where: { status: 'PENDING' }, orderBy: { id: 'asc' } })
    age.set(oldest ? (Date.now() - oldest.createdAt.getTime()) / 1000 : 0)
  })
  gauge('crat_mails', 'Mails of the outbox by state', ['status'], async mails => {
    const rows = await db.notification.groupBy({ by: ['status'], _count: true })
    for (const status of ['waiting', 'sent', 'failed']) mails.set({ status }, 0)
    for (const row of rows) {
      mails.set({ status: row.status }, row._count)
    }
  })
  gauge('crat_sessions', 'Live sessions', [], async sessions => {
    sessions.set(await db.session.count({ where: { expiresAt: { gt: new Date() } } }))
  })
  gauge('crat_spooled_builds', 'Announcements that wait on disk for the database', [], async waiting => {
    waiting.set(await spooled())
  })
  gauge('crat_pool_connections', 'Connections of the pool', ['state'], async connections => {
    for (const [state, count] of Object.entries(pool())) connections.set({ state }, count)
  })
  gauge('crat_disk_free_bytes', 'Free space where CRAT writes', ['folder'], async free => {
    for (const [folder, path] of Object.entries(folders)) {
      const { bavail, bsize } = await statfs(path)
      free.set({ folder }, bavail * bsize)
    }
  })
}
