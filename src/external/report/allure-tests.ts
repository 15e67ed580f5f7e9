import { z } from 'zod'
import { duration } from './figures.ts'
import { reason, statusFrom, type TestRow, testRow } from './test-row.ts'

const retries = z.number().int().min(0).max(1000).catch(0)
const flag = z.boolean().catch(false)

const node2 = z.object({
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
type Node2 = z.output<typeof node2>

/**
 * The tests in `data/suites.json` of Allure 2. A test's history id stands in its own file only, which is read for
 * those that fail: as an identity it would not do.
 */
export function allure2Tests(json: unknown): TestRow[] | null {
  const root = node2.safeParse(json).data
  if (!root?.children) return null
  const rows: TestRow[] = []
  // Suites nest as deep as they like: the list grows while it is gone through.
  const open = [{ children: root.children, suites: [] as string[] }]
  for (const { children, suites } of open) {
    for (const child of children) {
      const node = node2.safeParse(child).data
      if (!node) return null
      if (node.children) open.push({ children: node.children, suites: inside(suites, node.name) })
      else rows.push(row2(node, suites))
    }
  }
  return rows
}

function row2(node: Node2, suites: string[]): TestRow {
  const { name, parameters, status, retriesStatusChange, uid } = node
  return testRow({
    ...{ name, suites, parameters },
    status: statusFrom(status),
    ms: node.time?.duration,
    retries: node.retriesCount,
    flaky: node.flaky || retriesStatusChange,
    source: uid && `data/test-cases/${encodeURIComponent(uid)}.json`,
  })
}

const group3 = z.object({
  name: z.string().catch(''),
  groups: z.array(z.string()).catch([]),
  leaves: z.array(z.string()).catch([]),
})

const tree3 = z.object({
  root: group3,
  groupsById: z.record(z.string(), group3).catch({}),
  leavesById: z.record(
    z.string(),
    z.object({
      id: z.string().optional(),
      name: z.string(),
      status: z.string(),
      duration: duration.optional(),
      retriesCount: retries,
      flaky: flag,
    }),
  ),
})
type Tree3 = z.output<typeof tree3>

/** The tests in `widgets/tree.json` of Allure 3. A leaf's `id` is the test's history id, or where it has none, the result's. */
export function allure3Tests(json: unknown): TestRow[] | null {
  const tree = tree3.safeParse(json).data
  if (!tree) return null
  const suites = suitesOf(tree)
  return Object.entries(tree.leavesById).map(([resultId, leaf]) =>
    testRow({
      id: leaf.id === resultId ? undefined : leaf.id,
      name: leaf.name,
      suites: suites.get(resultId) ?? [],
      status: statusFrom(leaf.status),
      ms: leaf.duration,
      retries: leaf.retriesCount,
      flaky: leaf.flaky,
      source: `data/test-results/${encodeURIComponent(resultId)}.json`,
    }),
  )
}

/** The names of the groups above each leaf. */
function suitesOf({ root, groupsById }: Tree3): Map<string, string[]> {
  const groups = new Map(Object.entries(groupsById))
  const suites = new Map<string, string[]>()
  const open = [{ group: root, path: [] as string[] }]
  for (const { group, path } of open) {
    for (const leaf of group.leaves) suites.set(leaf, path)
    for (const id of group.groups) {
      const child = groups.get(id)
      if (child) open.push({ group: child, path: inside(path, child.name) })
      // Seen: a group that lies in itself would have no end.
      groups.delete(id)
    }
  }
  return suites
}

const MAX_SUITES = 20

const inside = (path: string[], name: string) => (path.length < MAX_SUITES ? [...path, name] : path)

const failure = z.object({
  statusMessage: z.string().nullish(),
  statusTrace: z.string().nullish(),
  error: z.object({ message: z.string().nullish(), trace: z.string().nullish() }).nullish(),
})

/** What a test's own file says of its failure, in either version. */
export function failureIn(json: unknown): ReturnType<typeof reason> | null {
  const { data } = failure.safeParse(json)
  return data
    ? reason(data.error?.message ?? data.statusMessage, data.error?.trace ?? data.statusTrace)
    : null
}
