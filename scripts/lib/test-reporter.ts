import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

/** What the report of a file is made of. */
const SENT = new Set(['test:start', 'test:pass', 'test:fail', 'test:diagnostic'])

/** The reporter of a test worker: tells its parent what happens. */
export default async function* sendToParent(events: AsyncIterable<TestEvent>): AsyncGenerator<never> {
  for await (const event of events) if (SENT.has(event.type)) send(event)
  yield* []
}

function send(event: TestEvent): void {
  try {
    process.send?.(event)
  } catch {
    // An error may carry what cannot be sent, such as functions.
    const { details, ...data } = event.data as { details: object }
    process.send?.({
      ...event,
      data: { ...data, details: { ...details, error: new Error(inspect(details)) } },
    })
  }
}
