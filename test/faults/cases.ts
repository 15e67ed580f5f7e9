import { cancel } from './cases/cancel.ts'
import { crowd } from './cases/crowd.ts'
import { databaseCases } from './cases/database.ts'
import { deliveries } from './cases/deliveries.ts'
import { environments } from './cases/environments.ts'
import { kill } from './cases/kill.ts'
import { leaveCases } from './cases/leave.ts'
import { brokenTls, mails } from './cases/mails.ts'
import { peerCases } from './cases/peers.ts'
import { soak } from './cases/soak.ts'
import { spoolNotWritable, webhooks } from './cases/webhooks.ts'
import type { FaultCase } from './fault-case.ts'

/** Every case, in the order in which they are run. */
export const CASES: FaultCase[] = [
  kill,
  environments,
  ...peerCases,
  mails,
  brokenTls,
  deliveries,
  ...databaseCases,
  webhooks,
  spoolNotWritable,
  crowd,
  ...leaveCases,
  cancel,
  soak,
]
