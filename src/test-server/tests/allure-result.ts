import * as z from 'zod'

/** A test as a framework's Allure adapter writes it; only what is read or written here. */
export interface AllureResult {
  uuid: string
  name: string
  fullName: string
  historyId: string
  testCaseId: string
  labels: { name: string; value: string }[]
  status: 'passed' | 'failed' | 'broken' | 'skipped' | 'unknown'
  stage: string
  start: number
  stop: number
  statusDetails: { message?: string; trace?: string }
}

const text = z.string().nullish()

export const allureResult = z.looseObject({
  name: text,
  fullName: text,
  historyId: text,
  testCaseId: text,
  status: z.enum(['passed', 'failed', 'broken', 'skipped']).catch('broken'),
  start: z.number().nullish(),
  stop: z.number().nullish(),
})
