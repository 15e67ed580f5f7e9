import type { Queryable } from '../database/client.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { mergeChanged } from '../http/conflict.ts'
import type { Form } from '../http/page.ts'
import { type Fields, holds } from '../lib/revision.ts'
import { KNOWN_KEYS, valuesOf } from './parameter-set-form.pages.ts'
import { parametersAt, partsOf, setRevision, wordsOf } from './set-revision.ts'

/** The form after someone else has changed the set: theirs beside what was typed. */
export async function mergeSet(db: Queryable, form: Form, set: ParameterSet): Promise<Form> {
  if (!form.changed.length) return form
  const { version, words } = partsOf(String(form.values.revision))
  const before = await parametersAt(db, set.id, version)
  const old: Fields = before ? valuesOf({ ...wordsOf(set), parameters: before }) : {}
  const theirs: Fields = valuesOf(set)
  const changed = [...new Set(form.changed.map(fieldOf))]
  const isUntouched = (name: string) =>
    name in wordsOf(set)
      ? holds(wordsOf(set), words, name, form.values[name])
      : textOf(old[name]) === textOf(form.values[name])
  const merged = { theirs: textsOf(theirs), yours: textsOf(form.values), isUntouched }
  return mergeChanged({ ...form, changed }, setRevision(set), merged)
}

function fieldOf(name: string): string {
  const key = name.replace(/^parameters\./, '')
  if (key === name) return name === 'parameters' ? 'extra' : name
  return KNOWN_KEYS.includes(key) ? `p_${key}` : 'extra'
}

const textOf = (value: unknown) =>
  String(value ?? '')
    .replaceAll('\r\n', '\n')
    .trim()

const textsOf = (fields: Fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(value)]))
