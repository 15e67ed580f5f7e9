import { ExternalError } from '../../lib/errors.ts'
import type { Params } from '../../lib/i18n.ts'
import type { HttpAnswer, HttpError } from '../http-client.ts'
import { wordsOf } from './answer.ts'
import type { ChatResult } from './types.ts'

/** `waitMs`: the service limits the rate and takes the message after so long. */
export class ChatError extends ExternalError {
  readonly waitMs: number | null
  /** Of the answer, if there was one. */
  readonly httpStatus: number | null

  constructor(
    key: string,
    params: Params & { host: string },
    options: { permanent: boolean; waitMs?: number; httpStatus?: number; cause?: unknown },
  ) {
    super(key, params, options)
    this.waitMs = options.waitMs ?? null
    this.httpStatus = options.httpStatus ?? null
  }
}

export function refusedBy(host: string, answer: HttpAnswer, result: ChatResult): ChatError {
  const httpStatus = answer.status
  if (result.result === 'later') {
    const { waitMs, words } = result
    return new ChatError('chat:too_fast', { host, reason: words }, { permanent: false, waitMs, httpStatus })
  }
  const { permanent, words } =
    result.result === 'refused' ? result : { permanent: false, words: wordsOf(answer) }
  const key = permanent ? 'chat:refused' : 'chat:not_taken'
  return new ChatError(key, { host, reason: words }, { permanent, httpStatus })
}

/** Of a channel's address only the host is shown: the rest is a secret. */
export function unreachable(url: string, error: HttpError): ChatError {
  const { host } = new URL(url)
  const { reason, seconds = '', address = '' } = error.params
  const params = { host, seconds, address, reason: `${reason ?? error.code}`.replaceAll(url, host) }
  const code = error.code === 'refused' ? 'connection_refused' : error.code
  const key = UNREACHABLE.includes(code) ? code : 'failed'
  return new ChatError(`chat:${key}`, params, { permanent: error.permanent, cause: error })
}

const UNREACHABLE = [
  ...['no_connection', 'unknown_host', 'connection_refused', 'timeout', 'tls', 'cut', 'too_large'],
  ...['link_local', 'own_port'],
]
