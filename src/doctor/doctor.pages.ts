import type { Context } from '../context.ts'
import { page } from '../http/page.ts'
import { template } from '../http/view.ts'
import type { Locale } from '../lib/i18n.ts'
import type { Finding, Status, Subject } from './check.ts'
import { type CheckResult, runChecks } from './run-checks.ts'
import { adviceIn, seenIn, titleIn } from './sentences.ts'
import { queryPool } from './subject.ts'

interface ShownCheck {
  title: string
  status: Status
  findings: { status: Status; seen: string; advice: string | null }[]
}

const doctorPage = template<{ checks: ShownCheck[]; tookMs: number }>('pages/settings-doctor')

export const showDoctor = page(async (ctx, { res, person }) => {
  const startedAt = performance.now()
  const results = await runChecks(subjectOf(ctx))
  const checks = results.map(result => inWords(person.locale, result))
  ctx.view.render(res, doctorPage, { checks, tookMs: performance.now() - startedAt })
})

function subjectOf({ config, pool, sealer }: Context): Subject {
  return {
    ...{ config, sealer, env: process.env },
    query: (sql, values) => queryPool(pool, sql, values),
  }
}

function inWords(locale: Locale, { name, status, findings }: CheckResult): ShownCheck {
  return {
    title: titleIn(locale, name),
    status,
    findings: findings.map(finding => sentences(locale, finding)),
  }
}

const sentences = (locale: Locale, finding: Finding) => ({
  ...{ status: finding.status, seen: seenIn(locale, finding), advice: adviceIn(locale, finding) },
})
