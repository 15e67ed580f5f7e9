import type * as z from 'zod'
import { type Locale, type Params, translate } from './i18n.ts'

type Range = [{ min: number; max: number }]

/** The problems a field can have, with the params of their texts. problems.json has two texts for each. */
export interface Problems {
  empty: []
  missing: []
  not_given: []
  unknown_field: []
  invalid: []
  text: []
  boolean: []
  object: []
  one_of: [{ values: string }]
  oversized: []
  too_long: [{ max: number }]
  too_many_bytes: [{ max: number }]
  too_many_kib: [{ max: number }]
  control_characters: []
  comma: []
  whole_number: Range
  positive_whole_number: []
  seconds: Range
  hours: Range
  days: Range
  url: []
  url_or_empty: []
  email: []
  domain: []
  own_email: []
  id: []
  build_id: []
  parameter_set_id: []
  no_such_parameter_set: []
  no_such_test_item: []
  no_such_channel: []
  no_such_job: []
  no_such_script_bundle: []
  bundle_name: []
  no_setting: []
  parameters: []
  json: [{ line: number; column: number; near: string }]
  masked: []
  own_field: [{ name: string }]
  package_path: []
  backslash: []
  absolute_path: []
  parent_segment: []
  current_segment: []
  no_package_name: []
  time: []
  future: []
  scopes: []
  not_unique: []
  too_many_entries: [{ max: number }]
  triggerer: []
  schedule: []
  time_zone: []
  changed_meanwhile: []
  left_out: [{ name: string }]
}

export type ProblemKey = keyof Problems

interface Problem {
  key: ProblemKey
  params: Params
}

export interface ErrorDetail extends Problem {
  path: string
  message: string
}

export function problem<K extends ProblemKey>(key: K, ...params: Problems[K]) {
  const found: Problem = { key, params: Object.assign({}, ...params) }
  return {
    error(issue: z.core.$ZodRawIssue): string {
      // Zod keeps extra properties of an issue.
      issue.problem = found
      return clauseOf('en', found)
    },
  }
}

export function detail<K extends ProblemKey>(path: string, key: K, ...params: Problems[K]): ErrorDetail {
  return detailFrom(path, { key, params: Object.assign({}, ...params) })
}

function detailFrom(path: string, found: Problem): ErrorDetail {
  return { path, ...found, message: clauseOf('en', found) }
}

export function clauseOf(locale: Locale, { key, params }: Problem): string {
  return translate(locale, `problems:clause.${key}`, params)
}

export function sentenceOf(locale: Locale, { key, params }: Problem): string {
  return translate(locale, `problems:sentence.${key}`, params)
}

export function detailsOf(error: z.ZodError, input: unknown): ErrorDetail[] {
  const details = error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => detail([...issue.path, key].join('.'), 'unknown_field'))
      : [detailFrom(issue.path.join('.'), problemOf(issue, input))],
  )
  return [...Map.groupBy(details, ({ path }) => path).values()].flatMap(([first]) => first ?? [])
}

function problemOf(issue: z.core.$ZodIssue & { problem?: Problem }, input: unknown): Problem {
  if (valueAt(input, issue.path) === undefined) return { key: 'missing', params: {} }
  if (issue.problem) return issue.problem
  if (issue.code === 'invalid_value') return { key: 'one_of', params: { values: issue.values.join(', ') } }
  const isObject = issue.code === 'invalid_type' && issue.expected === 'object'
  return { key: isObject ? 'object' : 'invalid', params: {} }
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | null)?.[key], value)
}
