import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { it } from 'node:test'
import express from 'express'
import { pino } from 'pino'
import { logRequests } from '../../src/http/request-log.ts'

it('the log of requests says who asked for what, and no secret', async () => {
  const lines = new PassThrough()
  const app = express()
  app.use(logRequests(pino({ level: 'debug' }, lines)))
  app.get('/login/link', (_req, res) => void res.cookie('crat_session', 'the-session').send('Welcome'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const { port } = server.address() as AddressInfo
  const secrets = {
    authorization: 'Bearer the-jwt',
    cookie: 'crat_session=old',
    'x-crat-token': 'the-webhook',
  }
  await fetch(`http://127.0.0.1:${port}/login/link?token=the-link`, { headers: secrets })
  server.close()
  await once(server, 'close')
  lines.end()

  const log = await text(lines)
  assert.match(log, /"method":"GET","path":"\/login\/link"/)
  assert.match(log, /"statusCode":200/)
  assert.doesNotMatch(log, /the-|old/)
})
