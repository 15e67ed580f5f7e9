import pg from 'pg'
import { AppError } from '../lib/errors.ts'

/** For one program or step. Where the connection breaks, the next query fails. */
export async function connectClient(url: string, options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true },
    ...options,
  })
  // Without a listener an error of the connection would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string }
    const server = `${client.host}:${client.port}`
    throw new AppError('database:unreachable', { server, reason: message || (code ?? '') }, { cause })
  }
}
