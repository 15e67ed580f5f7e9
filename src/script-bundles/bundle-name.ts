import * as z from 'zod'
import { describedAs } from '../lib/input-schemas.ts'
import { problem } from '../lib/validation.ts'

const NAME = /^[A-Za-z0-9][\w.-]{0,99}$/

/** It stands in URLs. */
export const bundleName = describedAs(z.string(problem('text')).regex(NAME, problem('bundle_name')), {
  ...{ type: 'string', minLength: 1, maxLength: 100, pattern: NAME.source },
})

const wrongVersion = problem('positive_whole_number')
export const bundleVersion = z
  .number(wrongVersion)
  .int(wrongVersion)
  .min(1, wrongVersion)
  .max(2_147_483_647, wrongVersion)
