import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Part } from '../bench.ts'
import { atMost } from '../figures.ts'
import { runInWorker } from '../in-worker.ts'
import { residentMegabytes } from '../memory.ts'
import type { Server } from '../server.ts'
import { MAIN_PAGES } from './pages.ts'

export const memory: Part = {
  name: 'memory',
  about: 'resident memory with an external database: idle, and after all kinds of load',
  async measure(bench) {
    const settle = () => sleep(bench.pace.settleSeconds * 1000, undefined, { signal: bench.signal })
    const empty = bench.startProgram('empty-server.ts')
    const server = await bench.startServer(await bench.freshDatabase())
    await settle()
    const machine = await residentMegabytes(empty.pid)
    await empty.stop()
    const idle = await server.memory()
    bench.record({
      ...{ name: 'idle', unit: 'MB', machine, ours: idle, target: atMost(110, 'MB', idle) },
    })
    await loadWithAll(bench, server)
    await settle()
    const loaded = await server.memory()
    bench.record({ name: 'after the load', unit: 'MB', ours: loaded, target: atMost(220, 'MB', loaded) })
  },
}

/** Webhooks, lists, pages, open pages: each as its own part does it, with no measurement. */
async function loadWithAll({ pace, options }: Bench, { url, pid, bearer, cookie }: Server): Promise<void> {
  const announce = { spread: 'even', from: 1, folder: 'bench/memory' }
  await runInWorker('http-load.ts', { ...pace, url, clients: 64, announce })
  const lists = ['/api/v1/builds', '/api/v1/job-versions', '/api/v1/deploy-test-runs']
  await runInWorker('http-load.ts', { ...pace, url, clients: 16, headers: bearer, paths: lists })
  await runInWorker('http-load.ts', { ...pace, url, clients: 4, headers: cookie, paths: MAIN_PAGES })
  const pages = options.quick ? 50 : 500
  await runInWorker('open-pages.ts', { url, pid, pages, changes: 2 })
}
