import type { Result } from './result.ts'
import type { Ask } from './within-time.ts'

const MOST = 20
/** Tests: reading them takes some 15 ms. */
const MOST_READ = 10_000

/** The tests of each item's last report, as many as can be read at once, most recent first. */
const TESTS = `
  WITH last AS (
    SELECT run.* FROM test_items item CROSS JOIN LATERAL (
      SELECT id, test_item_id, item_name, (summary->>'total')::int AS tests FROM deploy_test_runs
      WHERE test_item_id = item.id AND summary IS NOT NULL ORDER BY id DESC LIMIT 1
    ) AS run
  ), recent AS (
    SELECT * FROM (SELECT *, sum(tests) OVER (ORDER BY id DESC) - tests AS before FROM last) AS summed
    WHERE before < ${MOST_READ}
  )
  SELECT recent.test_item_id AS "itemId", recent.item_name AS item, test.test_key AS key, test.name, test.suite
  FROM recent CROSS JOIN LATERAL (
    SELECT * FROM (
      SELECT *, strpos(lower(name), $1) AS place FROM test_results WHERE run_id = recent.id OFFSET 0
    ) AS test
    WHERE place > 0 ORDER BY place > 1, length(name), position LIMIT ${MOST}
  ) AS test
  ORDER BY place > 1, length(name), recent.id DESC, test.position LIMIT ${MOST}`

export async function findTests(ask: Ask, query: string): Promise<Result[]> {
  const rows = await ask<{ itemId: number; item: string; key: string; name: string; suite: string }>(TESTS, [
    query,
  ])
  return rows.map(({ itemId, item, key, name, suite }) => ({
    ...{ kind: 'test', id: key, url: `/tests/${itemId}/results/test?${new URLSearchParams({ key })}` },
    ...{ title: name, detail: [item, suite].filter(Boolean).join(' · ') },
  }))
}
