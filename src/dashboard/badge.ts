import type { Queryable } from '../database/client.ts'
import { formatPercent } from '../lib/format.ts'
import { type ReportSummary, shownRate } from '../lib/report-summary.ts'
import { stateOf, type Tone } from '../lib/run-state.ts'
import { getTestItem } from '../test-items/test-items.ts'
import { listVerdicts } from './overview.ts'

const GREY = '#5f6472'
const COLOURS: Partial<Record<Tone, string>> = { passed: '#1f7a4d', failed: '#b3261e', warn: '#8a5200' }
const WORDS: Record<string, string> = {
  ...{ passed: 'passed', failed: 'failed', unknown: 'no result' },
  ...{ FAILED: 'run failed', DEPLOY_COMPLETE: 'deployed' },
}
const GLYPH = 6.6
const PADDING = 16
const MAX_NAME = 40

/** The last verdict of an item, as its card shows it, as a picture. */
export async function drawBadge(db: Queryable, testItemId: number): Promise<string> {
  const item = await getTestItem(db, testItemId)
  const [run] = await listVerdicts(db, [testItemId])
  const { word, tone } = stateOf(run ?? { status: 'COMPLETED', outcome: null })
  const summary = (run?.summary ?? null) as ReportSummary | null
  const rate = run?.status === 'COMPLETED' && summary ? shownRate(summary) : null
  const words = WORDS[word] ?? word
  const verdict = rate === null ? words : `${words} · ${formatPercent('en', rate)}`
  return svg(cut(item.name), verdict, COLOURS[tone] ?? GREY)
}

const cut = (name: string) => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name)

/** Wide signs, as those of Chinese, take twice the room. */
function widthOf(text: string): number {
  const glyphs = [...text].reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0)
  return Math.round(glyphs * GLYPH) + PADDING
}

function svg(name: string, verdict: string, colour: string): string {
  const [left, right] = [widthOf(name), widthOf(verdict)]
  const label = escaped(`${name}: ${verdict}`)
  const text = (x: number, words: string, width: number) =>
    `<text x="${x}" y="14" textLength="${width - PADDING}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}">
<title>${label}</title>
<clipPath id="r"><rect width="${left + right}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3c3f4a"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(PADDING / 2, name, left)}${text(left + PADDING / 2, verdict, right)}</g>
</svg>
`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, sign => ENTITIES[sign] ?? sign)
