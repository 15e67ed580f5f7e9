import { createHmac } from 'node:crypto'
import { readCode } from './answer.ts'
import { linkAddress, withoutMarkup } from './markup.ts'
import type { ChatMessage, ChatService, Target } from './types.ts'

/** Of the request's body; what `sign` and `timestamp` take is left free. */
const MAX_BYTES = 20 * 1024 - 200
const TOO_FAST = [11232, 11233, 99991400]
/** Both a malformed request and too many of them. */
const BAD_REQUEST = 9499

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: 5 a second and 100 a minute. */
export const feishu: ChatService = {
  intervalMs: 650,
  fits: messages => Buffer.byteLength(JSON.stringify(contentOf(messages))) <= MAX_BYTES,
  request: (target, messages, now) => ({
    url: target.url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...signatureOf(target, now), ...contentOf(messages) }),
  }),
  read: answer =>
    readCode(answer, {
      tooFast: (code, words) =>
        TOO_FAST.includes(code) || (code === BAD_REQUEST && /too many|frequency/i.test(words)),
      temporary: [],
      waitMs: 60_000,
    }),
}

/** The secret is part of the key, and nothing is signed with it. */
function signatureOf({ secret }: Target, now: Date) {
  if (!secret) return {}
  const timestamp = `${Math.floor(now.getTime() / 1000)}`
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') }
}

function contentOf(messages: ChatMessage[]) {
  const [first, ...more] = messages
  const title = first ? plain(first.title) : ''
  const content = [
    ...(first ? paragraphs(first) : []),
    ...more.flatMap(message => [[text(plain(message.title))], ...paragraphs(message)]),
  ]
  return { msg_type: 'post', content: { post: { zh_cn: { title, content } } } }
}

function paragraphs({ summary, details, links }: ChatMessage) {
  return [
    ...summary.map(line => [text(plain(line))]),
    ...details.map(line => [text(`• ${plain(line)}`)]),
    links.flatMap(({ label, url }) => [{ tag: 'a', text: plain(label), href: linkAddress(url) }, text('  ')]),
  ]
}

const plain = (line: string) => withoutMarkup(line, /[<>]/g)
const text = (line: string) => ({ tag: 'text', text: line })
