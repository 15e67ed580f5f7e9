import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestResult } from '../../src/lib/test-result.ts'
import { type Redact, redactEvent } from '../../src/pipeline/redact.ts'
import type { RunEvent } from '../../src/runs/run-event.ts'

const redact: Redact = value => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '••••••'))

test('the addresses of a report and of its tests show no secret', () => {
  const reportUrl = 'http://report.example/hunter2/'
  const tests = [{ id: 'hunter2', name: 'seek', url: `${reportUrl}#seek` }, { id: 'hls' }] as TestResult[]
  const event = { type: 'tested', reportUrl, tests, outcome: 'failed' } as Extract<
    RunEvent,
    { type: 'tested' }
  >
  const redacted = redactEvent(event, redact) as typeof event
  assert.equal(redacted.reportUrl, 'http://report.example/••••••/')
  assert.deepEqual(
    redacted.tests?.map(({ id, url }) => [id, url]),
    [
      ['hunter2', 'http://report.example/••••••/#seek'],
      ['hls', undefined],
    ],
  )
})
