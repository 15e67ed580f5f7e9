import * as z from 'zod'
import { flag, pathInto, retries, testFile } from './allure-fields.ts'
import type { ListFile } from './allure-list.ts'
import { duration } from './figures.ts'
import { statusFrom, type TestRow, testRow } from './test-row.ts'

const nodeSchema = z.object({
  name: z.string().catch(''),
  children: z.array(z.unknown()).optional(),
  uid: z.string().optional(),
  status: z.string().catch('unknown'),
  time: z.object({ duration }).nullish().catch(null),
  parameters: z.array(z.unknown()).catch([]),
  flaky: flag,
  retriesCount: retries,
  retriesStatusChange: flag,
})
type Node = z.output<typeof nodeSchema>

/** Allure 2. Tests have no identity: the history id is in their own files, read for failing tests only. */
export const suitesFile: ListFile<unknown> = {
  name: 'data/suites.json',
  parse(json) {
    const root = nodeSchema.safeParse(json).data
    const rows = root?.children && rowsBelow(root.children)
    return rows ? { rows } : null
  },
}

function rowsBelow(topmost: unknown[]): TestRow[] | null {
  const rows: TestRow[] = []
  // A queue, not recursion: suites nest without limit.
  const queue = [{ children: topmost, suites: [] as string[] }]
  for (const { children, suites } of queue) {
    for (const child of children) {
      const node = nodeSchema.safeParse(child).data
      if (!node) return null
      if (node.children) queue.push({ children: node.children, suites: pathInto(node.name, suites) })
      else rows.push(rowOf(node, suites))
    }
  }
  return rows
}

function rowOf(node: Node, suites: string[]): TestRow {
  const { name, parameters, status, retriesStatusChange, uid } = node
  return testRow({
    ...{ name, suites, parameters },
    status: statusFrom(status),
    ms: node.time?.duration,
    retries: node.retriesCount,
    flaky: node.flaky || retriesStatusChange,
    source: uid && testFile('test-cases', uid),
  })
}
