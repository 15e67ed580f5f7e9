import * as z from 'zod'
import { flag, pathInto, retries, testFile } from './allure-fields.ts'
import type { ListFile } from './allure-list.ts'
import { duration, instant } from './figures.ts'
import { statusFrom, type TestRow, testRow } from './test-row.ts'

const groupSchema = z.object({
  name: z.string().catch(''),
  groups: z.array(z.string()).catch([]),
  leaves: z.array(z.string()).catch([]),
})

const leafSchema = z.object({
  id: z.string().optional(),
  name: z.string(),
  status: z.string(),
  start: instant.optional(),
  duration: duration.optional(),
  retriesCount: retries,
  flaky: flag,
})
type Leaf = z.output<typeof leafSchema>

const treeSchema = z.object({
  root: groupSchema,
  groupsById: z.record(z.string(), groupSchema).catch({}),
  leavesById: z.record(z.string(), leafSchema),
})
type Tree = z.output<typeof treeSchema>

export type TestTimes = Pick<Leaf, 'start' | 'duration'>

export const treeFile: ListFile<{ times: TestTimes[] }> = {
  name: 'widgets/tree.json',
  parse(json) {
    const tree = treeSchema.safeParse(json).data
    return tree ? { rows: rowsOf(tree), times: Object.values(tree.leavesById) } : null
  },
}

function rowsOf(tree: Tree): TestRow[] {
  const suites = suitesOf(tree)
  return Object.entries(tree.leavesById).map(([resultId, leaf]) =>
    rowOf(resultId, leaf, suites.get(resultId) ?? []),
  )
}

/** A leaf's `id` is the history id, or without one the result's. */
function rowOf(resultId: string, leaf: Leaf, suites: string[]): TestRow {
  return testRow({
    id: leaf.id === resultId ? undefined : leaf.id,
    ...{ name: leaf.name, suites },
    status: statusFrom(leaf.status),
    ms: leaf.duration,
    retries: leaf.retriesCount,
    flaky: leaf.flaky,
    source: testFile('test-results', resultId),
  })
}

function suitesOf({ root, groupsById }: Tree): Map<string, string[]> {
  const groups = new Map(Object.entries(groupsById))
  const suites = new Map<string, string[]>()
  const queue = [{ group: root, path: [] as string[] }]
  for (const { group, path } of queue) {
    for (const leaf of group.leaves) suites.set(leaf, path)
    for (const id of group.groups) {
      const child = groups.get(id)
      if (child) queue.push({ group: child, path: pathInto(child.name, path) })
      // A group that contains itself must not loop.
      groups.delete(id)
    }
  }
  return suites
}
