import type { RequestHandler } from 'express'
import { pinoHttp } from 'pino-http'
import type { Log } from '../lib/log.ts'

/** Logs requests at debug level, without headers and query, which carry tokens. */
export function logRequests(logger: Log): RequestHandler {
  return pinoHttp({
    logger,
    useLevel: 'debug',
    serializers: {
      req: ({ method, url, remoteAddress }) => ({ method, path: url.split('?')[0], remoteAddress }),
      res: ({ statusCode }) => ({ statusCode }),
    },
  })
}
