/**
 * Aborts on Ctrl-C, on a request to end, and when the process that started this one has gone. The reason is a
 * Stopped.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort(new Stopped())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  process.on('disconnect', stop)
  process.channel?.unref()
  return controller.signal
}

class Stopped extends Error {
  constructor() {
    super('Stopped')
  }
}

/** Resolves when it is time to stop. */
export function stopped(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}
