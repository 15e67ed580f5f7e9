import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from '../processes/start-process.ts'
import type { Service } from '../services/service.ts'
import { runServiceCommand, type ServiceCommandOptions } from './service-command.ts'

type Health = NonNullable<Service['health']>

const PAUSE_MS = 200
const CHECK_TIMEOUT_MS = 5_000

export async function untilHealthy(health: Health, options: ServiceCommandOptions): Promise<void> {
  const deadline = Date.now() + health.timeout
  for (;;) {
    const problem = await problemOf(health, options)
    if (problem === null) return
    options.signal.throwIfAborted()
    if (Date.now() >= deadline)
      throw new Error(`It is not healthy after ${health.timeout / 1000} s: ${problem}`)
    await pause(PAUSE_MS, undefined, { signal: options.signal })
  }
}

async function problemOf(
  { url, tcp, command }: Health,
  options: ServiceCommandOptions,
): Promise<string | null> {
  try {
    if (url !== undefined) return await problemOfUrl(url, options.signal)
    if (tcp !== undefined) await connectTo(tcp)
    if (command !== undefined) await check(command, options)
    return null
  } catch (error) {
    const { message, cause } = error as Error
    return cause instanceof Error ? `${message}: ${cause.message}` : message
  }
}

/** What it writes is of interest only in the last failure, which names it. */
function check(command: Command, options: ServiceCommandOptions): Promise<void> {
  return runServiceCommand(command, { ...options, timeoutMs: CHECK_TIMEOUT_MS, write: () => {} })
}

async function problemOfUrl(url: string, signal: AbortSignal): Promise<string | null> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)])
  const response = await fetch(url, { signal: inTime, headers: { connection: 'close' } })
  await response.body?.cancel()
  return response.ok ? null : `${url} answered ${response.status}`
}

async function connectTo(address: string): Promise<void> {
  const [host, port] = address.split(':')
  const socket = connect({ host, port: Number(port), timeout: CHECK_TIMEOUT_MS })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) })
  } finally {
    socket.destroy()
  }
}
