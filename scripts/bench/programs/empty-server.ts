// An Express with one route and nothing before it: what any page costs at least on this machine.
import type { AddressInfo } from 'node:net'
import express from 'express'

const bodies = new Map<string, Buffer>()

const app = express()
app.get('/ready', (_req, res) => void res.json({ status: 'ok' }))
/** As many bytes as a page has. */
app.get('/:bytes', ({ params: { bytes } }, res) => {
  const body = bodies.get(bytes) ?? Buffer.alloc(Number(bytes), 'x')
  bodies.set(bytes, body)
  res.type('html').send(body)
})
const server = app.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('disconnect', () => process.exit())
