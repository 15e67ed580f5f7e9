/** Failures whose messages differ by numbers, ids or addresses only, as they are in the report. */
export interface FailureGroup<Test> {
  message: string | null
  tests: Test[]
}

interface Failing {
  message: string | null
}

/** Larger groups first; a test without a message is a group of its own. */
export function groupFailures<Test extends Failing>(tests: Test[]): FailureGroup<Test>[] {
  const groups = Map.groupBy(tests, test => (test.message === null ? test : likenessOf(test.message)))
  return [...groups.values()]
    .map(tests => ({ message: tests[0]?.message ?? null, tests }))
    .sort((a, b) => b.tests.length - a.tests.length)
}

/** Long ones are compared by their beginning. */
const MOST_COMPARED = 1000

const VARYING = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b0x[0-9a-f]+\b/gi,
  // Ids in hexadecimal, not words such as "deadbeef" or "facade".
  /\b(?=[a-f]*\d)[0-9a-f]{7,}\b/gi,
  /\d+(?:[.,:]\d+)*/g,
]

/** What two messages have in common that tell of the same failure. */
export function likenessOf(message: string): string {
  const text = message.slice(0, MOST_COMPARED).replaceAll(/\s+/g, ' ').trim()
  return VARYING.reduce((rest, varying) => rest.replaceAll(varying, '#'), text)
}
