import * as z from 'zod'
import type { Prisma } from '../generated/prisma/client.ts'
import { describedAs } from '../lib/input-schemas.ts'
import { isSealed, isSecretName } from '../lib/secrets.ts'
import { storable } from '../lib/text.ts'
import { problem } from '../lib/validation.ts'

/** The parameters of protocol version 1, except `package_path`, which CRAT sets to the downloaded file. */
export const DEFAULT_PARAMETERS = {
  service_name: '',
  install_dir: '',
  upgrade_type: 'full',
  test_path: '',
  base_url: '',
  report_keyword: '',
}

const text = z.string(problem('text')).max(2000, problem('too_long', { max: 2000 }))

export type Parameters = Prisma.JsonObject

/** The parameters whose values are secret as a whole. */
export function sealedNames(parameters: Parameters): string[] {
  return Object.keys(parameters)
    .filter(name => isSealed(parameters[name]))
    .sort()
}

/** Those that were marked by hand: the names of the others say that they are secret. */
export function markedNames(parameters: Parameters): string[] {
  return sealedNames(parameters).filter(name => !isSecretName(name))
}
const baseUrl = describedAs(
  text.refine(url => url === '' || /^https?:\/\/[^/]/.test(url), problem('url_or_empty')),
  { type: 'string', maxLength: 2000, pattern: '^(https?://[^/]|$)' },
)

export const parameters = z
  .looseObject(
    {
      service_name: text.optional(),
      package_path: text.optional(),
      install_dir: text.optional(),
      upgrade_type: text.optional(),
      test_path: text.optional(),
      base_url: baseUrl.optional(),
      report_keyword: text.optional(),
    },
    problem('parameters'),
  )
  .refine(set => JSON.stringify(set).length <= 65_536, problem('too_many_kib', { max: 64 }))
  .transform(set => storable(set) as Prisma.JsonObject)
