import { paint } from '../lib/terminal.ts'
import { type Figure, format, growthOf, ratioOf } from './figures.ts'

interface Column {
  title: string
  cell(figure: Figure): string
  /** Figures stand to the right of their columns. */
  right?: true
}

const COLUMNS: Column[] = [
  { title: 'figure', cell: ({ name }) => name },
  { title: 'machine', cell: ({ machine, unit }) => format(machine, unit), right: true },
  { title: 'small', cell: ({ small, unit }) => format(small, unit), right: true },
  { title: 'ours', cell: ({ ours, unit }) => (ours === null ? '–' : format(ours, unit)), right: true },
  { title: 'ratio', cell: figure => format(ratioOf(figure), '×'), right: true },
  { title: 'growth', cell: figure => format(growthOf(figure), '×'), right: true },
  { title: 'beside', cell: ({ beside, unit }) => format(beside, unit), right: true },
  { title: 'target', cell: ({ target }) => target?.text ?? '' },
  { title: '', cell: ({ target }) => (target ? (target.met ? 'ok' : 'MISSED') : '') },
  { title: '', cell: ({ note }) => note ?? '' },
]

/** Figures below each other; a column that none of them fills is left out. */
export function tableOf(figures: Figure[]): string[] {
  const columns = COLUMNS.filter(({ cell }) => figures.some(figure => cell(figure) !== ''))
  const rows = [columns.map(({ title }) => title), ...figures.map(figure => columns.map(c => c.cell(figure)))]
  const widths = columns.map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0)))
  const pad = (text: string, i: number) =>
    columns[i]?.right ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)
  return rows.map(row => row.map(pad).join('  ').trimEnd())
}

export function printTable(figures: Figure[]): void {
  if (figures.length === 0) return
  const [titles = '', ...rows] = tableOf(figures)
  console.log(paint('dim', titles))
  for (const row of rows)
    console.log(
      row.replace(/ (ok|MISSED)(?= |$)/, (_, word) => ` ${paint(word === 'ok' ? 'green' : 'red', word)}`),
    )
}
