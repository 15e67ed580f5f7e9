import { isDeepStrictEqual } from 'node:util'
import type { Fields } from '../lib/revision.ts'
import type { Form } from './page.ts'

interface Sides {
  theirs: Fields
  yours: Fields
  /** Whether the form says of a field what it said before. */
  isUntouched(name: string): boolean
}

/** The form again, with what others changed in the fields that were left alone. */
export function mergeChanged(form: Form, revision: string, { theirs, yours, isUntouched }: Sides): Form {
  const names = form.changed.filter(name => !isDeepStrictEqual(theirs[name], yours[name]))
  const fields = names.map(name => {
    const isConflict = yours[name] !== undefined && !isUntouched(name)
    return { name, theirs: theirs[name], yours: yours[name], isConflict }
  })
  const taken = fields.filter(field => !field.isConflict).map(({ name, theirs: value }) => [name, value])
  const values = { ...form.values, ...yours, ...Object.fromEntries(taken), revision }
  return { ...form, values, changedFields: fields }
}
