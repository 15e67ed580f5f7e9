import { readCode } from './answer.ts'
import { MARKDOWN, write } from './markup.ts'
import type { ChatMessage, ChatService } from './types.ts'

/** Of the content, in UTF-8. */
const MAX_BYTES = 4096
const TOO_FAST = [45009, 45033]
const SYSTEM_BUSY = -1

/** https://developer.work.weixin.qq.com/document/path/91770: 20 a minute. */
export const wecom: ChatService = {
  intervalMs: 3_100,
  fits: messages => Buffer.byteLength(contentOf(messages)) <= MAX_BYTES,
  request: ({ url }, messages) => ({
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ msgtype: 'markdown', markdown: { content: contentOf(messages) } }),
  }),
  read: answer =>
    readCode(answer, { tooFast: code => TOO_FAST.includes(code), temporary: [SYSTEM_BUSY], waitMs: 60_000 }),
}

function contentOf(messages: ChatMessage[]): string {
  return messages.map(message => write(message, MARKDOWN)).join('\n\n')
}
