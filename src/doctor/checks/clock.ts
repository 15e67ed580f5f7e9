import { createEgress } from '../../external/egress.ts'
import { exchange, HttpError } from '../../external/http-client.ts'
import { withoutUserInfo } from '../../lib/secrets.ts'
import { DatabaseUnavailable, type Finding, failed, ok, type Subject, warning } from '../check.ts'
import { addressIn } from './servers.ts'

const SLIGHT_S = 5
const GREAT_S = 60
const TIMEOUT_MS = 5_000

/** Beside the database's, and beside those of the servers that CRAT asks. */
export async function checkClock(subject: Subject): Promise<Finding[]> {
  const findings = [await besideDatabase(subject)]
  for (const key of ['package_download_base_url', 'external_test_server_url']) {
    const url = await addressIn(subject, key)
    if (url) findings.push(...(await besideServer(url)))
  }
  return findings
}

async function besideDatabase({ query }: Subject): Promise<Finding> {
  const before = Date.now()
  const [row] = await query<{ now: Date }>('SELECT clock_timestamp() AS now')
  if (!row) throw new DatabaseUnavailable()
  return judge('PostgreSQL', row.now.getTime() - (before + Date.now()) / 2, SLIGHT_S)
}

async function besideServer(url: string): Promise<Finding[]> {
  const before = Date.now()
  try {
    const egress = createEgress().trusting([url])
    const answer = await exchange(url, { timeoutMs: TIMEOUT_MS, maxBytes: 64 * 1024 * 1024, egress })
    const time = Date.parse(String(answer.headers.date))
    if (Number.isNaN(time)) return []
    // Its header has whole seconds.
    return [judge(new URL(withoutUserInfo(url)).host, time + 500 - (before + Date.now()) / 2, GREAT_S)]
  } catch (error) {
    // Another check says that it does not answer.
    if (error instanceof HttpError) return []
    throw error
  }
}

function judge(who: string, offMs: number, slight: number): Finding {
  const seconds = Math.round(Math.abs(offMs) / 100) / 10
  const params = { who, seconds }
  if (seconds > GREAT_S) return failed('doctor:clock_off', params)
  return seconds > slight ? warning('doctor:clock_off', params) : ok('doctor:clock_ok', params)
}
