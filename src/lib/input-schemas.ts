import * as z from 'zod'

/** The JSON Schema of input whose rules zod cannot translate: refinements, and what is trimmed first. */
export const inputSchemas = z.registry<z.core.JSONSchema.BaseSchema>()

/** Input that may be empty, which means that it is not given. */
export const optionalText = z.registry<{ mayBeEmpty: true }>()

export function describedAs<S extends z.ZodType>(schema: S, json: z.core.JSONSchema.BaseSchema): S {
  inputSchemas.add(schema, json)
  return schema
}

const BLANK = String.raw`[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*`
const PLAIN = String.raw`\u0000-\u001f\u007f-\u009f`

export const LINE = `^${BLANK}[^${PLAIN}]*${BLANK}$`
export const FILLED_LINE = String.raw`^${BLANK}[^${PLAIN}\s][^${PLAIN}]*${BLANK}$`
export const LABEL = String.raw`^${BLANK}[^${PLAIN}\s,][^${PLAIN},]*${BLANK}$`
export const WITHOUT_NUL = String.raw`^[^\u0000]*$`
