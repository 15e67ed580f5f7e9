import type { Part } from '../bench.ts'
import { atMost } from '../figures.ts'
import { runInWorker } from '../in-worker.ts'
import { median } from '../statistics.ts'
import type { OpenPages } from '../workers/open-pages.ts'

const PAGES = 500
const CHANGES = 5

export const live: Part = {
  name: 'live',
  about: '500 open pages: until a change is on all of them, and the memory that they take',
  async measure(bench) {
    const pages = bench.options.quick ? PAGES / 10 : PAGES
    const server = await bench.startServer(await bench.freshDatabase())
    const { heard, shown, failures, memory } = await runInWorker<OpenPages>('open-pages.ts', {
      ...{ url: server.url, pid: server.pid, pages, changes: CHANGES },
    })
    const seconds = (times: number[]) => median(times) / 1000
    bench.record({ name: `${pages} open pages have heard of a change`, unit: 's', ours: seconds(heard) })
    bench.record({
      ...{ name: `it is on all ${pages}: each has fetched itself again`, unit: 's', ours: seconds(shown) },
      ...{ target: atMost(1, 's', seconds(shown)) },
      note: failures > 0 ? `${failures} of ${pages * CHANGES} had to be fetched once more` : undefined,
    })
    const opened = memory.open - memory.before
    bench.record({
      ...{ name: 'memory that they take', unit: 'MB', ours: opened, target: atMost(30, 'MB', opened) },
      note: `${Math.round(memory.after - memory.before)} MB after ${CHANGES} changes`,
    })
  },
}
