import { kill } from './cases/kill.ts'
import type { FaultCase } from './fault-case.ts'

/** Every case, in the order in which they are run. */
export const CASES: FaultCase[] = [kill]
