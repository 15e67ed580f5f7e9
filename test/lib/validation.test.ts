import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { AppError } from '../../src/lib/errors.ts'
import { line, rowId } from '../../src/lib/fields.ts'
import { LOCALES } from '../../src/lib/i18n.ts'
import {
  clauseOf,
  detail,
  detailsOf,
  type ProblemKey,
  type Problems,
  problem,
  sentenceOf,
} from '../../src/lib/validation.ts'

const range: [{ min: number; max: number }] = [{ min: 1, max: 100 }]

/** Every problem: the compiler says which one is missing here. */
const EVERY: { [K in ProblemKey]: Problems[K] } = {
  empty: [],
  missing: [],
  not_given: [],
  unknown_field: [],
  comma: [],
  domain: [],
  no_such_channel: [],
  schedule: [],
  time_zone: [],
  invalid: [],
  no_such_script_bundle: [],
  bundle_name: [],
  text: [],
  boolean: [],
  object: [],
  one_of: [{ values: 'passed, failed' }],
  oversized: [],
  too_long: [{ max: 200 }],
  too_many_bytes: [{ max: 1500 }],
  too_many_kib: [{ max: 64 }],
  control_characters: [],
  whole_number: range,
  positive_whole_number: [],
  seconds: range,
  hours: range,
  days: range,
  url: [],
  url_or_empty: [],
  email: [],
  own_email: [],
  id: [],
  build_id: [],
  parameter_set_id: [],
  no_such_parameter_set: [],
  no_such_test_item: [],
  no_such_job: [],
  no_setting: [],
  parameters: [],
  json: [{ line: 1, column: 7, near: '}' }],
  masked: [],
  own_field: [{ name: 'test_path' }],
  package_path: [],
  backslash: [],
  absolute_path: [],
  parent_segment: [],
  current_segment: [],
  time: [],
  future: [],
  scopes: [],
  not_unique: [],
  too_many_entries: [{ max: 100 }],
  triggerer: [],
  changed_meanwhile: [],
  left_out: [{ name: 'test_path' }],
  no_package_name: [],
}
const problems = Object.entries(EVERY).map(([key, [params = {}]]) => ({ key: key as ProblemKey, params }))

describe('every problem', () => {
  for (const locale of LOCALES)
    it(`has its words in ${locale}, and no others are there`, () => {
      const file = new URL(`../../src/locales/${locale}/problems.json`, import.meta.url)
      const { clause, sentence } = JSON.parse(readFileSync(file, 'utf8'))
      assert.deepEqual(Object.keys(clause).sort(), Object.keys(EVERY).sort())
      assert.deepEqual(Object.keys(sentence).sort(), Object.keys(EVERY).sort())
    })

  for (const { key, params } of problems)
    it(`${key} has no blanks left in any language`, () => {
      const [clause, sentence] = [clauseOf, sentenceOf].map(say => say('en', { key, params }))
      assert.match(clause ?? '', /^(must|is|no such) .*[^.]$/)
      assert.match(sentence ?? '', /\.$/)
      for (const say of [clauseOf, sentenceOf]) {
        const chinese = say('zh-CN', { key, params })
        assert.match(chinese, /\p{Script=Han}/u)
        assert.doesNotMatch(chinese, /\b(must|is|the|a|of)\b/)
        for (const value of Object.values(params)) assert.ok(chinese.includes(String(value)), chinese)
        assert.doesNotMatch(`${clause}${sentence}${chinese}`, /{{|}}/)
      }
    })
})

describe('a schema’s issue carries its problem', () => {
  const days = problem('days', { min: 1, max: 9 })
  const details = (schema: z.ZodType, input: unknown) =>
    detailsOf(schema.safeParse(input).error ?? new z.ZodError([]), input)
  const DAYS = { key: 'days', params: { min: 1, max: 9 }, message: 'must be a number of days from 1 to 9' }

  for (const [what, schema] of [
    ['a type', z.number(days)],
    ['a check', z.string().max(1, days)],
    ['a format', z.email(days)],
    ['a pattern', z.string().regex(/^\d$/, days)],
    ['a refinement', z.string().refine(text => text === '', days)],
    ['a union', z.union([z.number(), z.null()], days)],
    ['a pipe', z.string().pipe(z.email(days))],
    ['what comes after a preparation', z.preprocess(text => `${text}!`, z.string().max(1, days))],
    ['an option', z.string().max(1, days).optional()],
  ] as const)
    it(`of ${what}`, () => {
      assert.deepEqual(details(z.object({ keep: schema }), { keep: 'long' }), [{ path: 'keep', ...DAYS }])
    })

  it('and says in English what is wrong, for logs', () => {
    assert.match(z.string(problem('text')).safeParse(1).error?.message ?? '', /must be text/)
  })

  it('the first of each field counts', () => {
    const schema = z.object({ a: line(3), b: z.object({ c: rowId('id') }) })
    assert.deepEqual(
      details(schema, { a: 'a\nbcd', b: { c: 0.5 } }).map(({ path, key }) => [path, key]),
      [
        ['a', 'too_long'],
        ['b.c', 'id'],
      ],
    )
  })

  it('also where the schema names none', () => {
    const schema = z.strictObject({
      one: z.enum(['a', 'b']),
      two: z.object({}),
      three: z.number(),
      four: z.string(),
    })
    assert.deepEqual(
      details(schema, { one: 'c', two: 5, three: 'x', five: 1 }).map(({ path, message }) => [path, message]),
      [
        ['one', 'must be one of a, b'],
        ['two', 'must be a JSON object'],
        ['three', 'is not valid'],
        ['four', 'is missing'],
        ['five', 'is not known'],
      ],
    )
  })
})

it('an error quotes what is wrong with the first field in its own language', () => {
  const wrong = [detail('name', 'empty'), detail('age', 'id')]
  const error = new AppError('errors:invalid_input', { path: 'name', count: 1 }, { details: wrong })
  assert.equal(error.message, 'name must not be empty; another field is wrong, too (see details).')
  assert.equal(error.inLocale('zh-CN'), 'name：不能为空；另有 1 个字段有误（见 details）。')
})
