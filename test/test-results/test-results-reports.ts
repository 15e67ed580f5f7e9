import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export type Verdict = 'passed' | 'failed' | 'broken' | 'skipped'

const cli = fileURLToPath(new URL('../../node_modules/allure/cli.js', import.meta.url))

/** Has Allure 3 make a report of these tests of the suite `live`, below `root`. */
export async function makeReport(root: string, name: string, tests: Record<string, Verdict>): Promise<void> {
  const results = join(root, `${name}-results`)
  await mkdir(results)
  const written = Object.entries(tests).map(([test, status], i) =>
    writeFile(join(results, `${i}-result.json`), JSON.stringify(resultOf(test, status, i))),
  )
  await Promise.all(written)
  const options = ['--cwd', results, '--output', join(root, name), '--report-name', 'cds']
  await promisify(execFile)(process.execPath, [cli, 'generate', ...options, results])
}

const START = 1748487222908

function resultOf(test: string, status: Verdict, i: number) {
  const fails = status === 'failed' || status === 'broken'
  return {
    ...{ uuid: `${test}-${i}`, historyId: test, testCaseId: test, name: test, fullName: `live#${test}` },
    ...{ status, labels: [{ name: 'suite', value: 'live' }] },
    ...{ start: START + i * 1000, stop: START + i * 1000 + 100 },
    statusDetails: fails ? { message: `${test}: <b>404</b>`, trace: `Traceback\n  File ${test}.py` } : {},
  }
}
