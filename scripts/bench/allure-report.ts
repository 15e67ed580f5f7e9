import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FAILURE = {
  error: { message: 'AssertionError: 404 is not 200', trace: 'at a line of code\n'.repeat(400) },
}

/** Writes a report as Allure 3 does, with so many tests; one of a hundred fails. */
export async function writeReport(folder: string, tests: number): Promise<void> {
  const failing = Math.ceil(tests / 100)
  await mkdir(join(folder, 'widgets'), { recursive: true })
  await mkdir(join(folder, 'data/test-results'), { recursive: true })
  const ids = Array.from({ length: tests }, (_, i) => `${i}`.padStart(32, '0'))
  const write = (name: string, content: object) => writeFile(join(folder, name), JSON.stringify(content))
  await write('summary.json', {
    stats: { total: tests, failed: failing, passed: tests - failing },
    duration: 5 * tests,
  })
  await write('widgets/tree.json', treeOf(ids, failing))
  for (const id of ids.slice(0, failing)) await write(`data/test-results/${id}.json`, FAILURE)
}

function treeOf(ids: string[], failing: number) {
  const leaves = ids.map((nodeId, i) => ({
    ...{ nodeId, id: `${`${i}`.padStart(32, 'a')}.d41d8cd98f00b204e9800998ecf8427e` },
    ...{ name: `test_delivers_the_whole_file[${i}]`, status: i < failing ? 'failed' : 'passed' },
    ...{ duration: 5, flaky: false, retry: false, retriesCount: 0, start: 1748487222908, groupOrder: i },
  }))
  return {
    root: { groups: ['live'], leaves: [] },
    groupsById: { live: { nodeId: 'live', name: 'tests/delivery/live.py', leaves: ids } },
    leavesById: Object.fromEntries(leaves.map(leaf => [leaf.nodeId, leaf])),
  }
}
