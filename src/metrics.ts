import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { addGauges, type MetricSources } from './metrics-gauges.ts'

/** Counters are this process's own; gauges are read from the database at each scrape. */
export type Metrics = ReturnType<typeof createMetrics>

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
      ...{ name: 'crat_polls_total', help: 'Polls of tasks on the test server', registers },
      labelNames: ['result'] as const,
    }),
    downloadedBytes: new Counter({
      ...{ name: 'crat_downloaded_bytes_total', help: 'Bytes of packages fetched', registers },
    }),
    deliveries: new Counter({
      ...{
        name: 'crat_mail_deliveries_total',
        help: 'Attempts to send a mail or a message to a channel, by result',
        registers,
      },
      labelNames: ['result'] as const,
    }),
  }
}
