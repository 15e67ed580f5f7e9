import { createHash, randomUUID } from 'node:crypto'
import { readJson } from '../files/atomic-file.ts'
import type { LoadResult } from '../tasks/task.ts'
import type { AllureResult } from '../tests/allure-result.ts'
import type { Thresholds } from './stages.ts'

interface Figures {
  name: string
  method: string | null
  requests: number
  failures: number
  p95_ms: number | null
  rps: number
  average_ms: number
}

export interface LoadTotals {
  total: Figures
  entries: Figures[]
  errors: { method: string; name: string; error: string; count: number }[]
}

export const readTotals = (file: string) => readJson<LoadTotals>(file)

interface Threshold {
  name: keyof Thresholds
  value: number | null
  limit: number
  sign: '>' | '<'
}

/** The result, with the thresholds that were broken by name: `p95_ms 812 > 500`. */
export function loadResult({ total }: LoadTotals, thresholds: Thresholds): LoadResult {
  const breaches = thresholdsOf(total, thresholds).filter(isBroken).map(sentenceOf)
  return { p95_ms: total.p95_ms, rps: total.rps, error_rate: errorRate(total), breaches }
}

function thresholdsOf(total: Figures, { p95_ms, rps, error_rate }: Thresholds): Threshold[] {
  return [
    ...(p95_ms === undefined
      ? []
      : [{ name: 'p95_ms', value: total.p95_ms, limit: p95_ms, sign: '>' } as const]),
    ...(rps === undefined ? [] : [{ name: 'rps', value: total.rps, limit: rps, sign: '<' } as const]),
    { name: 'error_rate', value: errorRate(total), limit: error_rate, sign: '>' },
  ]
}

/** A load test without a single request says nothing: that is an error too. */
const errorRate = ({ requests, failures }: Figures) => (requests === 0 ? 1 : failures / requests)

function isBroken({ value, limit, sign }: Threshold): boolean {
  return value === null || (sign === '>' ? value > limit : value < limit)
}

function sentenceOf({ name, value, limit, sign }: Threshold): string {
  return `${name} ${value === null ? 'unknown' : Number(value.toFixed(4))} ${sign} ${limit}`
}

export function loadAsResults(
  totals: LoadTotals,
  thresholds: Thresholds,
  times: { start: number; stop: number },
) {
  const requests = totals.entries.map(entry => {
    const of = `${entry.requests} requests, ${entry.failures} failed`
    const message = `${of}, ${entry.rps} per second, p95 ${entry.p95_ms} ms, average ${entry.average_ms} ms`
    return result('Requests', `${entry.method ?? ''} ${entry.name}`.trim(), 'passed', { message }, times)
  })
  const limits = thresholdsOf(totals.total, thresholds).map(threshold => {
    const { name, value, limit, sign } = threshold
    const allowed = `${name} ${sign === '>' ? '≤' : '≥'} ${limit}`
    const message = isBroken(threshold) ? sentenceOf(threshold) : `${name} ${value}`
    const trace = name === 'error_rate' ? totals.errors.map(errorLine).join('\n') : ''
    return result('Thresholds', allowed, isBroken(threshold) ? 'failed' : 'passed', { message, trace }, times)
  })
  return [...requests, ...limits]
}

const errorLine = ({ count, method, name, error }: LoadTotals['errors'][number]) =>
  `${count} × ${method} ${name}: ${error}`

function result(
  suite: string,
  name: string,
  status: AllureResult['status'],
  statusDetails: AllureResult['statusDetails'],
  times: { start: number; stop: number },
): AllureResult {
  const fullName = `Load: ${suite}: ${name}`
  const id = createHash('md5').update(fullName).digest('hex')
  const labels = [{ name: 'suite', value: suite }]
  return {
    ...{ uuid: randomUUID(), name, fullName, historyId: id, testCaseId: id, labels },
    ...{ status, statusDetails, stage: 'finished', ...times },
  }
}
