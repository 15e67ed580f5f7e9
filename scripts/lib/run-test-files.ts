import { once } from 'node:events'
import { spec, type TestEvent } from 'node:test/reporters'
import { startProcess } from './processes.ts'
import { failed } from './terminal.ts'

const WORKERS = 6
const TEST_TIMEOUT_MS = 120_000

interface Order {
  files: string[]
  env: NodeJS.ProcessEnv
  stop: AbortSignal
}

/** Runs test files in several processes, prints what happened file by file, and says whether all passed. */
export async function runTestFiles({ files, env, stop }: Order): Promise<boolean> {
  const report = startReport()
  const waiting = files.values()
  const workers = Array.from({ length: Math.min(WORKERS, files.length) }, () =>
    runWorker(waiting, report, { env, stop }),
  )
  await Promise.all(workers)
  for (const file of waiting) report.lost(file)
  return report.end()
}

/** A process that runs one file after the other, until none is waiting. */
async function runWorker(
  waiting: Iterator<string>,
  report: Report,
  { env, stop }: Omit<Order, 'files'>,
): Promise<void> {
  const options = [
    '--disable-warning=ExperimentalWarning',
    '--test-reporter=./scripts/lib/test-reporter.ts',
    `--test-timeout=${TEST_TIMEOUT_MS}`,
  ]
  let file: string | undefined
  let events: TestEvent[] = []
  const worker = startProcess(process.execPath, [...options, 'scripts/lib/test-worker.ts'], {
    env,
    onMessage(event) {
      events.push(event as TestEvent)
      if (!isEndOfFile(event as TestEvent)) return
      report.add(events)
      events = []
      runNext()
    },
  })
  const runNext = () => {
    file = waiting.next().value
    worker.send(file)
  }
  stop.addEventListener('abort', worker.stop, { once: true })
  runNext()
  await worker.ended
  if (file) report.lost(file, events)
  stop.removeEventListener('abort', worker.stop)
  // Tests that were cut short may have left something running.
  await worker.stop()
}

function isEndOfFile({ type, data }: TestEvent): boolean {
  return (type === 'test:pass' || type === 'test:fail') && data.nesting === 0
}

type Report = ReturnType<typeof startReport>

/** What `node --test` would print, a file at a time: they run beside each other. */
function startReport() {
  const counts = { tests: 0, failed: 0, skipped: 0, lost: 0 }
  const printer = new spec()
  printer.pipe(process.stdout, { end: false })
  return {
    add(events: TestEvent[]) {
      for (const event of events) {
        printer.write(event)
        count(event)
      }
    },
    /** A file that was not run to its end. */
    lost(file: string, events: TestEvent[] = []) {
      this.add(events)
      counts.lost++
      failed(`${file} was not run to its end`)
    },
    /** Whether there was nothing to complain about. */
    async end(): Promise<boolean> {
      printer.end()
      await once(printer, 'end')
      console.log(`\n${counts.tests} tests, ${counts.failed} failed, ${counts.skipped} skipped`)
      return counts.failed + counts.lost === 0
    },
  }

  function count({ type, data }: TestEvent): void {
    if (type !== 'test:pass' && type !== 'test:fail') return
    // Files and suites fail with their tests, or by themselves.
    if (type === 'test:fail') counts.failed++
    if (data.details.type === 'suite' || data.nesting === 0) return
    counts.tests++
    if (data.skip !== undefined) counts.skipped++
  }
}
