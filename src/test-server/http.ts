import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express, { type ErrorRequestHandler, type Express, type Response } from 'express'
import type { Log } from '../lib/log.ts'
import type { ProtocolAnswer } from './answer.ts'
import type { TestServer } from './server.ts'

export function createApp(testServer: TestServer, reportDir: string, log: Log): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(express.text({ type: () => true, limit: '1mb' }))
  app.use(express.static(reportDir))
  app.use(async ({ method, originalUrl: url, headers, body = '' }, res) => {
    await send(res, await testServer.answer({ method, url, headers, body }))
  })
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    if (res.headersSent) return void res.destroy(error)
    if (!error.status) log.error({ err: error }, 'a request failed')
    res.status(error.status ?? 500).json({ error: error.message })
  }
  return app.use(onError)
}

async function send(res: Response, { status, headers = {}, body }: ProtocolAnswer): Promise<void> {
  res.status(status).set(headers)
  if (body instanceof Readable) await pipeline(body, res)
  else if (typeof body === 'string') res.end(body)
  else res.json(body)
}

export async function listen(server: Server, port: number, host: string): Promise<number> {
  await once(server.listen(port, host), 'listening')
  return (server.address() as AddressInfo).port
}
