import { answered, type Handler, type ProtocolAnswer, type ProtocolRequest, refused } from './answer.ts'
import type { Protocol } from './submission.ts'

/** Of version 2. */
export const FEATURES = [
  ...['idempotency', 'long_poll', 'cancel', 'log', 'package_url'],
  ...['metrics', 'report_archive', 'attempts', 'peers', 'scripts'],
]

export interface Handlers {
  submit: Handler
  dryRun: Handler
  get: Handler
  cancel: Handler
  log: Handler
  metrics: Handler
  reportArchive: Handler
  reportPeer: Handler
  health: Handler
  prometheus: Handler
}

interface Route {
  method: string
  pattern: URLPattern
  since: Protocol
  open: boolean
  handler: Handler
}

function routes(handlers: Handlers): Route[] {
  const capabilities: Handler = () => answered({ protocol: 2, features: FEATURES })
  return [
    route('GET', '/health', 1, handlers.health, true),
    route('GET', '/metrics', 1, handlers.prometheus),
    route('POST', '/api/deploy_and_test', 1, handlers.submit),
    route('POST', '/api/deploy_and_test_mock', 1, handlers.dryRun),
    route('GET', '/api/tasks/:id', 1, handlers.get),
    route('GET', '/api/capabilities', 2, capabilities),
    route('POST', '/api/tasks/:id/cancel', 2, handlers.cancel),
    route('GET', '/api/tasks/:id/log', 2, handlers.log),
    route('GET', '/api/tasks/:id/metrics', 2, handlers.metrics),
    route('GET', '/api/tasks/:id/report.tgz', 2, handlers.reportArchive),
    route('PUT', '/api/runs/:run/peers/:index', 2, handlers.reportPeer),
  ]
}

function route(method: string, pathname: string, since: Protocol, handler: Handler, open = false): Route {
  return { method, pattern: new URLPattern({ pathname }), since, open, handler }
}

export function createRouter(
  handlers: Handlers,
  { protocol, mayCall }: { protocol: Protocol; mayCall(headers: ProtocolRequest['headers']): boolean },
) {
  const table = routes(handlers).filter(({ since }) => since <= protocol)

  return async ({ method, url, headers, body }: ProtocolRequest): Promise<ProtocolAnswer> => {
    const { href, pathname, searchParams: query } = new URL(url, 'http://localhost')
    for (const { method: wanted, pattern, open, handler } of table) {
      const match = method === wanted ? pattern.exec(href) : null
      if (!match) continue
      if (!open && !mayCall(headers)) return refused(401, 'The bearer token is missing or wrong')
      const params = match.pathname.groups as Record<string, string>
      return await handler({ params, query, headers, body })
    }
    return refused(404, `There is nothing at ${method} ${pathname}`)
  }
}
