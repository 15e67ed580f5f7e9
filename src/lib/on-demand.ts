export interface OnDemand {
  /** Works now, or once more after the work that is under way. */
  wake(): void
  /** Resolves when what is under way is done; nothing begins after that. */
  stop(): Promise<void>
}

export function onDemand(work: () => Promise<void>): OnDemand {
  let running: Promise<void> | null = null
  let again = false
  let stopped = false

  async function run(): Promise<void> {
    do {
      again = false
      await work()
    } while (again && !stopped)
    running = null
  }

  return {
    wake() {
      if (running) again = true
      else if (!stopped) running = run()
    },
    async stop() {
      stopped = true
      await running
    },
  }
}
