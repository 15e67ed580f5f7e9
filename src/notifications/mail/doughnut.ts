import { Resvg } from '@resvg/resvg-js'
import { type ReportSummary, TEST_STATUSES } from '../../lib/report-summary.ts'
import { TEST_STATUS_COLOURS } from './colours.ts'

const SIZE = 336
const RADIUS = 139
const WIDTH = 56
const CIRCUMFERENCE = 2 * Math.PI * RADIUS
const GAP = 5
/** Keeps one failed test of thousands visible. */
const SHORTEST_ARC = 12

export function drawDoughnut(summary: ReportSummary): Buffer | null {
  if (summary.total === 0) return null
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">
    <g fill="none" stroke-width="${WIDTH}" transform="rotate(-90 ${SIZE / 2} ${SIZE / 2})">${arcs(summary)}</g>
  </svg>`
  return new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng()
}

function arcs(summary: ReportSummary): string {
  const present = TEST_STATUSES.filter(status => summary[status] > 0)
  const gap = present.length > 1 ? GAP : 0
  const wanted = present.map(status => (summary[status] / summary.total) * CIRCUMFERENCE)
  const lengths = wanted.map(length => Math.max(length, SHORTEST_ARC + gap))
  // Make up for the arcs that were lengthened.
  const scale = CIRCUMFERENCE / lengths.reduce((a, b) => a + b)
  let start = 0
  return present
    .map((status, i) => {
      const length = (lengths[i] ?? 0) * scale
      const circle = arc(TEST_STATUS_COLOURS[status], start + gap / 2, length - gap)
      start += length
      return circle
    })
    .join('')
}

function arc(colour: string, start: number, length: number): string {
  return `<circle cx="${SIZE / 2}" cy="${SIZE / 2}" r="${RADIUS}" stroke="${colour}"
    stroke-dasharray="${length} ${CIRCUMFERENCE - length}" stroke-dashoffset="${-start}"/>`
}
