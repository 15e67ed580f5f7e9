import type { Body } from './recorder.ts'

const WRONG_VALUES = [
  null,
  true,
  7,
  -1,
  1.5,
  '',
  'text',
  'a\u0000b',
  'two\nlines',
  'x'.repeat(3000),
  [],
  ['text'],
  {},
  { text: 'text' },
]

/** Sends each value in all fields at once: the answer says of which of them it is wrong. */
export async function sendWrongValues(
  send: (body: Record<string, unknown>) => Promise<Body>,
  fields: string[],
  { except = [] }: { except?: unknown[] } = {},
): Promise<void> {
  await send({})
  for (const value of WRONG_VALUES.filter(candidate => !except.includes(candidate)))
    await send(Object.fromEntries(fields.map(field => [field, value])))
}
