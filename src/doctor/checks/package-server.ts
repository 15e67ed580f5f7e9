import { createEgress } from '../../external/egress.ts'
import { exchange, HttpError } from '../../external/http-client.ts'
import { maskUserInfo } from '../../lib/secrets.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'
import { addressIn } from './servers.ts'

const TIMEOUT_MS = 8_000
const MOST_BYTES = 64 * 1024 * 1024

export async function checkPackageServer(subject: Subject, signal: AbortSignal): Promise<Finding[]> {
  const url = await addressIn(subject, 'package_download_base_url')
  if (!url) return [warning('doctor:no_package_server')]
  const shown = maskUserInfo(url)
  try {
    const egress = createEgress({ allowedHosts: subject.config.allowedFetchHosts }).trusting([url])
    const { status } = await exchange(url, { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES, signal, egress })
    if (status >= 500) return [failed('doctor:package_server_error', { url: shown, status })]
    // Its top may be closed to listing where the folders below are not.
    if (status >= 400) return [warning('doctor:package_server_refuses', { url: shown, status })]
    return [ok('doctor:package_server_ok', { url: shown, status })]
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    return [failed('doctor:package_server_down', { url: shown }, error)]
  }
}
