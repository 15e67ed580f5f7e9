import { cancel } from './cases/cancel.ts'
import { databaseCases } from './cases/database.ts'
import { kill } from './cases/kill.ts'
import { leaveCases } from './cases/leave.ts'
import { spoolNotWritable, webhooks } from './cases/webhooks.ts'
import type { FaultCase } from './fault-case.ts'

/** Every case, in the order in which they are run. */
export const CASES: FaultCase[] = [kill, ...databaseCases, webhooks, spoolNotWritable, ...leaveCases, cancel]
