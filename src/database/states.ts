import { Prisma } from '../generated/prisma/client.ts'
import { ACTIVE, AFTER_SUBMIT, BEFORE_SUBMIT, SUCCEEDED, TERMINAL, UNFINISHED } from '../lib/run-status.ts'
import { FAILING, VERDICTS, WORST_FIRST } from '../lib/test-result.ts'

/** For `status IN`. Inlined, since the planner uses a partial index only for literals. */
const list = (states: readonly string[]) => Prisma.raw(`(${states.map(state => `'${state}'`).join(', ')})`)

export const runStates = {
  unfinished: list(UNFINISHED),
  active: list(ACTIVE),
  beforeSubmit: list(BEFORE_SUBMIT),
  afterSubmit: list(AFTER_SUBMIT),
  succeeded: list(SUCCEEDED),
  terminal: list(TERMINAL),
}

export const testStates = { failing: list(FAILING), verdicts: list(VERDICTS) }

/** As text, of the `status` of a group's rows: of tests that share a key, the worst counts. */
export const worstTestStatus = Prisma.raw(
  `CASE ${WORST_FIRST.map(state => `WHEN bool_or(status = '${state}') THEN '${state}'`).join(' ')} END`,
)
