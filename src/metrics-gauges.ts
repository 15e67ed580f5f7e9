import { statfs } from 'node:fs/promises'
import { Gauge, type Registry } from 'prom-client'
import type { Queryable } from './database/client.ts'
import { RUN_STATUSES } from './lib/run-status.ts'

export interface MetricSources {
  db: Queryable
  folders: Record<string, string>
  spooled(): Promise<number>
  pool(): { total: number; idle: number; waiting: number }
}

interface GaugeDefinition {
  name: string
  help: string
  labelNames?: string[]
  read(gauge: Gauge): Promise<void>
}

export function addGauges(registry: Registry, sources: MetricSources): void {
  for (const { read, ...definition } of [...databaseGauges(sources.db), ...processGauges(sources)])
    new Gauge({
      ...definition,
      registers: [registry],
      async collect() {
        this.reset()
        // Omit what cannot be read; crat_database_up reports an unavailable database.
        await read(this).catch(() => {})
      },
    })
}

function databaseGauges(db: Queryable): GaugeDefinition[] {
  return [
    {
      name: 'crat_database_up',
      help: '1 while the database answers',
      async read(up) {
        up.set(0)
        await db.$queryRaw`SELECT 1`
        up.set(1)
      },
    },
    ...runGauges(db),
    {
      name: 'crat_mails',
      help: 'Deliveries of the outbox by state',
      labelNames: ['status'],
      async read(mails) {
        const rows = await db.notification.groupBy({ by: ['status'], _count: true })
        for (const status of ['waiting', 'sent', 'failed']) mails.set({ status }, 0)
        for (const row of rows) mails.set({ status: row.status }, row._count)
      },
    },
    {
      name: 'crat_sessions',
      help: 'Live sessions',
      async read(sessions) {
        sessions.set(await db.session.count({ where: { expiresAt: { gt: new Date() } } }))
      },
    },
  ]
}

function runGauges(db: Queryable): GaugeDefinition[] {
  return [
    {
      name: 'crat_runs',
      help: 'Runs by state and outcome',
      labelNames: ['status', 'outcome'],
      async read(runs) {
        const rows = await db.run.groupBy({ by: ['status', 'outcome'], _count: true })
        for (const status of RUN_STATUSES) runs.set({ status, outcome: '' }, 0)
        for (const row of rows) runs.set({ status: row.status, outcome: row.outcome ?? '' }, row._count)
      },
    },
    {
      name: 'crat_queue_length',
      help: 'Runs that wait',
      async read(length) {
        length.set(await db.run.count({ where: { status: 'PENDING' } }))
      },
    },
    {
      name: 'crat_queue_age_seconds',
      help: 'How long the oldest waiting run has waited',
      async read(age) {
        const oldest = await db.run.findFirst({ where: { status: 'PENDING' }, orderBy: { id: 'asc' } })
        age.set(oldest ? (Date.now() - oldest.createdAt.getTime()) / 1000 : 0)
      },
    },
  ]
}

function processGauges({ spooled, pool, folders }: MetricSources): GaugeDefinition[] {
  return [
    {
      name: 'crat_spooled_builds',
      help: 'Announcements that wait on disk for the database',
      async read(waiting) {
        waiting.set(await spooled())
      },
    },
    {
      name: 'crat_pool_connections',
      help: 'Connections of the pool',
      labelNames: ['state'],
      async read(connections) {
        for (const [state, count] of Object.entries(pool())) connections.set({ state }, count)
      },
    },
    {
      name: 'crat_disk_free_bytes',
      help: 'Free space where CRAT writes',
      labelNames: ['folder'],
      async read(free) {
        for (const [folder, path] of Object.entries(folders)) {
          const { bavail, bsize } = await statfs(path)
          free.set({ folder }, bavail * bsize)
        }
      },
    },
  ]
}
