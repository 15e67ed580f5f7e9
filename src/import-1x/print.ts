import type { Counts } from './journal.ts'
import type { Report } from './report.ts'

const WORDS: Record<string, string> = {
  system_settings: 'settings',
  parameter_sets: 'parameter sets',
  build_info: 'builds',
  job_version_selections: 'selections',
  test_items: 'test items',
  deploy_test_runs: 'runs',
}

const wordFor = (table: string) => WORDS[table] ?? table
const number = (value: number) => value.toLocaleString('en')

let shownAt = 0

/** On a terminal one line that moves, else a line now and then. */
export function showProgress(table: string, done: number, of: number): void {
  const now = Date.now()
  if (done < of && now - shownAt < (process.stderr.isTTY ? 200 : 5_000)) return
  shownAt = now
  const line = `${wordFor(table)}: ${number(done)} of ${number(of)}`
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}${done < of ? '' : '\n'}` : `${line}\n`)
}

const SHOWN = 40

/** Those that are not taken first. */
export function printRemarks({ notTaken, changed, number: all, path }: Omit<Report, 'add' | 'close'>): void {
  const shown = [...notTaken, ...changed].slice(0, SHOWN)
  for (const { table, id, what, why } of shown) console.log(`${what}: ${wordFor(table)} ${id}: ${why}`)
  const more = all - shown.length
  if (more > 0)
    console.log(`… and ${number(more)} more${path ? ` in ${path}` : '; --report FILE writes them all'}`)
}

export function printCounts(counts: Map<string, Counts>, dryRun: boolean): void {
  const heads = [
    'in 1.x',
    dryRun ? 'would take' : 'taken',
    'changed since',
    'taken before',
    'same as one here',
    'not taken',
  ]
  console.log(`\n${''.padEnd(16)}${heads.map(head => head.padStart(18)).join('')}`)
  for (const [table, { rows, taken, updated, unchanged, merged, notTaken }] of counts) {
    const figures = [rows, taken, updated, unchanged, merged, notTaken]
    console.log(`${wordFor(table).padEnd(16)}${figures.map(each => number(each).padStart(18)).join('')}`)
  }
}

export function printDryRun(migrations: number): void {
  const changed = migrations ? `nothing but that this CRAT's own tables are up to date now` : 'nothing'
  console.log(`\nThis was a dry run: ${changed} was changed.`)
}
