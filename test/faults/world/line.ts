import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** The line to a peer, with what lines do: they are slow, and they break. */
export interface Line {
  port: number
  url: string
  /** Each piece that the peer sends is held back so long. */
  delayMs: () => number
  /** What the peer sends arrives at this rate. */
  bytesPerSecond: number
  /** The next connections are cut after so many bytes of the peer's, one each. */
  cutNextAfter: number[]
  /** Nothing that the peer sends arrives until `release()`. */
  hold(): void
  release(): void
  /** How many connections stand. */
  open(): number
  close(): Promise<void>
}

const PIECE = 8 * 1024

/** Listens on loopback and hands everything on to `port`. */
export async function openLine(port: number): Promise<Line> {
  const sockets = new Set<Socket>()
  let held = Promise.withResolvers<void>()
  held.resolve()
  const server = createServer(client => {
    const peer = connect(port, '127.0.0.1')
    for (const socket of [client, peer]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        peer.destroy()
      })
    }
    client.pipe(peer)
    carry(peer, client, line.cutNextAfter.shift()).catch(() => client.destroy())
  })

  async function carry(from: Socket, to: Socket, cutAfter = Number.POSITIVE_INFINITY): Promise<void> {
    let left = cutAfter
    for await (const chunk of from) {
      await pause(line.delayMs())
      await held.promise
      for (let at = 0; at < chunk.length && left > 0; at += PIECE) {
        const piece = chunk.subarray(at, Math.min(at + PIECE, at + left))
        left -= piece.length
        if (Number.isFinite(line.bytesPerSecond)) await pause((piece.length / line.bytesPerSecond) * 1000)
        if (!to.write(piece)) await once(to, 'drain')
      }
      if (left <= 0) break
    }
    if (left <= 0) to.destroy()
    else to.end()
  }

  await once(server.listen(0, '127.0.0.1'), 'listening')
  const own = (server.address() as AddressInfo).port
  const line: Line = {
    port: own,
    url: `http://127.0.0.1:${own}`,
    delayMs: () => 0,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    cutNextAfter: [],
    hold() {
      held = Promise.withResolvers<void>()
    },
    release: () => held.resolve(),
    open: () => sockets.size / 2,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return line
}
