import { checkServer } from '../../external/test-server/index.ts'
import { AppError } from '../../lib/errors.ts'
import { toParams } from '../../lib/i18n.ts'
import { maskUserInfo } from '../../lib/secrets.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

interface Environment {
  name: string
  url: string
  token: string | null
  state: 'ready' | 'paused' | 'quarantined'
  key: string | null
  params: unknown
}

export async function checkTestServers({ query, sealer }: Subject): Promise<Finding[]> {
  const environments = await query<Environment>(
    `SELECT name, test_server_url AS url, token, state, state_reason_key AS key, state_reason_params AS params
     FROM environments ORDER BY name`,
  )
  const open = <T>(value: T): T => (sealer?.canOpen(value) ? sealer.open(value) : value)
  const findings = environments.map(each =>
    checkOne({ ...each, url: open(each.url), token: open(each.token) }),
  )
  return Promise.all(findings)
}

async function checkOne({ name, url, token, state, key, params }: Environment): Promise<Finding> {
  if (!url) return warning('doctor:no_test_server', { name })
  const { reachable, error, tookMs } = await checkServer(url, { token })
  const shown = { name, url: maskUserInfo(url) }
  if (state === 'quarantined') {
    const reason = key ? new AppError(key, toParams(params)) : (error ?? undefined)
    return warning('doctor:quarantined', { ...shown, reason: '–' }, reason)
  }
  if (!reachable) {
    const finding = state === 'paused' ? warning : failed
    return finding('doctor:test_server_down', shown, error ?? undefined)
  }
  return ok(state === 'paused' ? 'doctor:test_server_paused' : 'doctor:test_server_ok', {
    ...shown,
    ms: tookMs,
  })
}
