import type { Counts, Remark } from './journal.ts'

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

export function printRemarks(remarks: Remark[], report: string | undefined): void {
  const order = (remark: Remark) => (remark.what === 'not taken' ? 0 : 1)
  const sorted = remarks.toSorted((a, b) => order(a) - order(b))
  for (const { table, id, what, why } of sorted.slice(0, SHOWN))
    console.log(`${what}: ${wordFor(table)} ${id}: ${why}`)
  const more = sorted.length - SHOWN
  if (more > 0)
    console.log(`… and ${number(more)} more${report ? ` in ${report}` : '; --report FILE writes them all'}`)
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
  if (dryRun) console.log('\nThis was a dry run: nothing was changed.')
}
