import type { Config } from './config.ts'
import { beginTracing, idGenerator } from './lib/spans.ts'

/** What CRAT does not send, and what it says of itself; the environment goes first. */
const DEFAULTS = {
  OTEL_SERVICE_NAME: 'crat',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_NODE_RESOURCE_DETECTORS: 'env,host',
}

/** Sends traces by the standard's own environment variables. Resolves with what sends the last ones. */
export async function startTracing({ publicUrl }: Config): Promise<() => Promise<void>> {
  for (const [name, value] of Object.entries(DEFAULTS)) process.env[name] ||= value
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const sdk = new NodeSDK({ idGenerator, instrumentations: [] })
  sdk.start()
  beginTracing(publicUrl)
  return () => sdk.shutdown()
}
