import { startHttpNeighbour } from '../neighbours/http-neighbour.ts'

export interface ReceivedSpan {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: Record<string, unknown>
  links: { traceId: string; spanId: string }[]
  service: string
}

export interface OtlpReceiver {
  url: string
  spans(): ReceivedSpan[]
  /** Resolves with the first span that fits, past or to come. */
  waitForSpan(fits: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>
  close(): Promise<void>
}

interface Attribute {
  key: string
  value: Record<string, unknown>
}

const valuesOf = (attributes: Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** What collectors are: takes OTLP in JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const server = await startHttpNeighbour(() => ({
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }))
  const spans = () =>
    server
      .requestsTo('POST /v1/traces')
      .flatMap(({ body }) => JSON.parse(body).resourceSpans.flatMap(spansIn)) as ReceivedSpan[]
  return {
    ...{ url: server.url, close: server.close, spans },
    async waitForSpan(fits) {
      for (;;) {
        const span = spans().find(fits)
        if (span) return span
        await server.waitForRequest('POST /v1/traces', server.requestsTo('POST /v1/traces').length + 1)
      }
    },
  }
}

function spansIn({ resource, scopeSpans }: ReturnType<typeof JSON.parse>): ReceivedSpan[] {
  const service = String(valuesOf(resource.attributes)['service.name'])
  return scopeSpans.flatMap(({ spans }: ReturnType<typeof JSON.parse>) =>
    spans.map((span: ReturnType<typeof JSON.parse>) => ({
      ...{ ...span, service, links: span.links ?? [] },
      attributes: valuesOf(span.attributes),
    })),
  )
}
