import { type Locale, type Params, translate } from '../lib/i18n.ts'
import type { Finding } from './check.ts'

export function seenIn(locale: Locale, finding: Finding): string {
  return translate(locale, finding.key, paramsIn(locale, finding))
}

/** What to do; null where nothing is. */
export function adviceIn(locale: Locale, finding: Finding): string | null {
  if (finding.status === 'ok' || finding.status === 'skipped') return null
  const key = finding.key.replace('doctor:', '')
  return translate(locale, `doctor:advice.${key}`, paramsIn(locale, finding))
}

export const titleIn = (locale: Locale, check: string) => translate(locale, `doctor:check.${check}`)

function paramsIn(locale: Locale, { params, error }: Finding): Params {
  return error ? { ...params, reason: error.inLocale(locale) } : params
}
