import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

const ATTEMPTS = 5

/** Starts something on a free port; on another where that fails, since the port may have been taken meanwhile. */
export async function startOnFreePort(start: (port: number) => Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      await start(port)
      return port
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
}

/** Of loopback; somebody may take it before it is used. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
