import type { Reader } from './find-pages.ts'
import type { Result } from './result.ts'
import type { Ask } from './within-time.ts'

const URLS = {
  test_item: (id: string) => `/tests/${id}`,
  job: (name: string) => `/builds?job_name=${encodeURIComponent(name)}`,
  parameter_set: (id: string) => `/parameter-sets/${id}`,
}

/** Test items, jobs and parameter sets: hundreds of each, at most. */
const NAMED = `
  SELECT * FROM (
    (SELECT 'test_item' AS kind, id::text, name, associated_job_name AS detail FROM test_items
      WHERE strpos(lower(name), $1) > 0 OR strpos(lower(description), $1) > 0 LIMIT 1000)
    UNION ALL
    (SELECT 'job', job_name, job_name, NULL FROM job_version_selections WHERE strpos(lower(job_name), $1) > 0 LIMIT 1000)
    UNION ALL
    (SELECT 'parameter_set', id::text, name, NULL FROM parameter_sets WHERE strpos(lower(name), $1) > 0 LIMIT 1000)
  ) AS named
  ORDER BY lower(name) <> $1, NOT starts_with(lower(name), $1), name`

export async function findNamed(ask: Ask, query: string, _reader: Reader): Promise<Result[]> {
  const rows = await ask<{ kind: keyof typeof URLS; id: string; name: string; detail: string | null }>(
    NAMED,
    [query],
  )
  return rows.map(({ kind, id, name, detail }) => ({
    ...{ kind, id: kind === 'job' ? id : Number(id), url: URLS[kind](id) },
    ...{ title: name, detail },
  }))
}
