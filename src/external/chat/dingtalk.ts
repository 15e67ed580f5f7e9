import { createHmac } from 'node:crypto'
import { readCode } from './answer.ts'
import { type Dialect, MARKDOWN, write } from './markup.ts'
import type { ChatMessage, ChatService, Target } from './types.ts'

/** Of the whole message. */
const MAX_BYTES = 20_000
const MAX_TITLE = 100
const TOO_FAST = [130101, 410100]
const SYSTEM_BUSY = -1

/** A single line break is a space there. */
const markdown: Dialect = { ...MARKDOWN, lineBreak: '\n\n' }

/** https://open.dingtalk.com/document/robots/custom-robot-access: 20 a minute, or none for ten minutes. */
export const dingtalk: ChatService = {
  intervalMs: 3_100,
  fits: messages => Buffer.byteLength(bodyOf(messages)) <= MAX_BYTES,
  request: (target, messages, now) => ({
    url: signed(target, now),
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: bodyOf(messages),
  }),
  read: answer =>
    readCode(answer, {
      tooFast: code => TOO_FAST.includes(code),
      temporary: [SYSTEM_BUSY],
      waitMs: 600_000,
    }),
}

function bodyOf(messages: ChatMessage[]): string {
  const title = markdown
    .text(messages[0]?.title ?? '')
    .slice(0, MAX_TITLE)
    .toWellFormed()
  const text = messages.map(message => write(message, markdown)).join('\n\n---\n\n')
  // Nobody is mentioned, whatever a name looks like.
  return JSON.stringify({ msgtype: 'markdown', markdown: { title, text }, at: { isAtAll: false } })
}

function signed({ url, secret }: Target, now: Date): string {
  if (!secret) return url
  const timestamp = `${now.getTime()}`
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  const address = new URL(url)
  address.searchParams.set('timestamp', timestamp)
  address.searchParams.set('sign', sign)
  return address.href
}
