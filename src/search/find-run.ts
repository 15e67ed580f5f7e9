import { translate } from '../lib/i18n.ts'
import type { Reader } from './find-pages.ts'
import type { Result } from './result.ts'
import type { Ask } from './within-time.ts'

const NUMBER = /^(?:run|运行)?\s*#?\s*(\d{1,10})$/

/** `12`, `#12` and `run 12` are a run. */
export async function findRun(ask: Ask, query: string, { locale }: Reader): Promise<Result[]> {
  const id = Number(NUMBER.exec(query)?.[1] ?? 0)
  if (id < 1 || id > 2_147_483_647) return []
  const runs = await ask<{ id: number; item: string; job: string; number: number }>(
    `SELECT id, item_name AS item, job_name AS job, build_number AS number FROM deploy_test_runs WHERE id = $1`,
    [id],
  )
  return runs.map(({ item, job, number }) => ({
    ...{ kind: 'run', id, url: `/runs/${id}` },
    ...{ title: translate(locale, 'pages:run.title', { id, item }), detail: `${job} #${number}` },
  }))
}
