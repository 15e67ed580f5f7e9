import fc from 'fast-check'

/** Text that breaks pages, mails, logs, headers, SQL or prototypes where it is not kept as text. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE build_info; --",
  'a\r\nBcc: all@example.com\r\n\r\nbody',
  '\u202egnp.exe\u202c',
  'a\u200bb\u2060c\ufeff',
  '\0',
  '\ud800',
  '\x1b[31mred',
  '__proto__',
  'constructor',
  'toString',
  '{{constructor.constructor("return 1")()}}',
  '<%= it %>',
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%zz',
  '=cmd|calc!A1',
  'sealed.v1.AAAA',
  '••••••',
  'http://••••••@localhost/',
  'http://[::1',
  'null',
  '-1',
  '1e999',
  '9'.repeat(400),
  'a'.repeat(5_000),
  '('.repeat(2_000),
  '😀'.repeat(500),
]

const hostile = fc.constantFrom(...HOSTILE)
export const text = fc.oneof(
  hostile,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.tuple(hostile, hostile).map(parts => parts.join('')),
)
/** Text that most fields take, so that it comes to where it is stored and shown. */
export const plainText = text.map(part => `x${part.replace(/[\p{Cc}\p{Cs}]/gu, '')}`.slice(0, 200))
export const scalar = fc.oneof(text, fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null))
export const json = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value

/** An object with these fields, all of them good, or some of them missing, wrong or accompanied by others. */
export function objectLike(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const loose = Object.entries(fields).map(([name, good]) => [name, fc.oneof(good, good, json)] as const)
  const partial = fc.record(Object.fromEntries(loose), { requiredKeys: [] })
  const whole = fc.record(fields)
  return fc.oneof(
    whole,
    whole,
    whole,
    fc.tuple(whole, fc.dictionary(text, json)).map(parts => ({ ...parts[1], ...parts[0] })),
    partial,
    partial,
    fc.tuple(partial, fc.dictionary(text, json)).map(parts => Object.assign({}, ...parts)),
    json,
  )
}

/** JSON as it is, or damaged in one place, or something else. */
export const damaged = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 6, arbitrary: value.map(part => Buffer.from(JSON.stringify(part) ?? '')) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(value, fc.nat(), fc.uint8Array({ maxLength: 4 }))
        .map(([part, at, bytes]) => splice(Buffer.from(JSON.stringify(part) ?? ''), at, bytes)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)) },
    { weight: 1, arbitrary: text.map(part => Buffer.from(part)) },
  )

/** A good document with pieces cut out and put in. */
export const mutated = (documents: Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      fc.constantFrom(...documents),
      fc.array(fc.tuple(fc.nat(), fc.oneof(text.map(Buffer.from), fc.uint8Array({ maxLength: 8 }))), {
        maxLength: 4,
      }),
    )
    .map(([document, cuts]) => cuts.reduce((left, [at, piece]) => splice(left, at, piece), document))

function splice(bytes: Buffer, at: number, piece: Uint8Array): Buffer {
  const place = bytes.length ? at % bytes.length : 0
  return Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place + (at % 3))])
}

/** What an HTTP header can carry. */
export const headerText = text.map(part => part.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').trim())
