import { storable } from '../../lib/text.ts'
import type { OldRow } from '../source.ts'
import { isObject, jsonIn, timeIn } from '../values.ts'

export interface NewStep {
  name: string
  attempt: number
  status: string
  start_time: Date | null
  end_time: Date | null
  details: object | null
  error: string | null
}

const NAMES = ['download', 'test', 'monitor', 'notify']
const ENDED = ['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED']

/** 1.x kept the steps in one column of the run, with a sentence as details. */
export function stepsOf({ steps }: OldRow, adjust: (why: string) => void): NewStep[] {
  const list = jsonIn(steps) ?? []
  if (!Array.isArray(list)) {
    adjust('its steps are no JSON array: without steps')
    return []
  }
  const attempts = new Map<string, number>()
  return list.flatMap(step => convert(step, attempts, adjust) ?? [])
}

function convert(
  step: unknown,
  attempts: Map<string, number>,
  adjust: (why: string) => void,
): NewStep | null {
  if (!isObject(step) || !NAMES.includes(`${step.name}`)) {
    adjust(
      `its step ${JSON.stringify(isObject(step) ? step.name : step)?.slice(0, 60)} does not exist here: left out`,
    )
    return null
  }
  const name = `${step.name}`
  const attempt = (attempts.get(name) ?? 0) + 1
  attempts.set(name, attempt)
  const status = ENDED.includes(`${step.status}`) ? `${step.status}` : 'CANCELLED'
  if (status !== step.status)
    adjust(`its step ${name} is still ${step.status}, though the run has ended: cancelled`)
  return {
    ...{ name, attempt, status },
    ...{ start_time: timeOf(step.start_time), end_time: timeOf(step.end_time) },
    details: typeof step.details === 'string' && step.details ? { message: storable(step.details) } : null,
    error: typeof step.error === 'string' && step.error ? storable(step.error) : null,
  }
}

const timeOf = (value: unknown) => (typeof value === 'string' ? timeIn(value) : null)
