import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Database } from '../database/client.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { presentTest } from '../test-results/test-results.handlers.ts'
import { eachTestResult } from '../test-results/test-results.ts'
import { presentRun } from './runs.shape.ts'
import { type FullRun, getRun } from './runs.ts'

const JSON_LINES = 'application/x-ndjson'

export const exportRun = endpoint({
  summary: 'Export a run as JSON lines: the run, then one line for each test. An upload takes them back',
  params: idParams,
  answers: {},
  otherTypes: [JSON_LINES],
  async handle(ctx, { params, res }) {
    const run = await getRun(ctx.db, params.id)
    res.set('Content-Type', JSON_LINES)
    res.set('Content-Disposition', `attachment; filename="run-${run.id}.jsonl"`)
    await pipeline(Readable.from(linesOf(ctx.db, run)), res)
  },
})

async function* linesOf(db: Database, run: FullRun): AsyncGenerator<string> {
  yield line(presentRun(run))
  for await (const test of eachTestResult(db, run.id)) yield line(presentTest(test))
}

const line = (value: object) => `${JSON.stringify(value)}\n`
