import { createHmac } from 'node:crypto'
import type { Answer, SeenRequest } from '../http-neighbour.ts'

export const SECRET = 'SEC-of-the-robot-0815'
const HOUR_MS = 3_600_000

export const json = (body: object, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const plain = (body: string, status: number): Answer => ({ status, body })

/** What a service says to a request, as its documentation has it; null: it takes the message. */
export type Rule = (request: SeenRequest) => Answer | null

const parse = (body: string) => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const isJson = ({ headers }: SeenRequest) => /^application\/json\b/.test(headers['content-type'] ?? '')

function isFresh(timestamp: string | null, unitMs: number): boolean {
  return /^\d+$/.test(timestamp ?? '') && Math.abs(Number(timestamp) * unitMs - Date.now()) < HOUR_MS
}

/** Only the mentions and links that the markup allows: `<url|text>`, and nothing that starts with `!`, `@` or `#`. */
const slackMarkup = /^(?:[^<>&]|&(?:amp|lt|gt);|<https?:\/\/[^<>|\s]+\|[^<>|]+>)*$/

export const slack: Rule = request => {
  if (request.method !== 'POST' || !isJson(request)) return plain('invalid_payload', 400)
  const body = parse(request.body)
  if (!body) return plain('invalid_payload', 400)
  if (!body.text) return plain('no_text', 400)
  const sections = body.blocks ?? []
  if (sections.length > 50 || sections.length === 0) return plain('invalid_blocks', 400)
  const texts: string[] = sections.map((block: { text?: { text?: string } }) => block.text?.text ?? '')
  if (texts.some(text => text.length < 1 || text.length > 3000)) return plain('invalid_blocks', 400)
  if (![...texts, body.text].every(text => slackMarkup.test(text))) return plain('invalid_payload', 400)
  return null
}

const errcode = (code: number, errmsg: string) => json({ errcode: code, errmsg })

/** What the markdown of both takes for markup where it is not wanted: mentions, pictures, HTML. */
function strangeMarkup(text: string): boolean {
  const withoutLinks = text.replace(/\[[^[\]]+\]\(https?:\/\/[^()\s]+\)/g, '').replace(/\*\*[^*]+\*\*/g, '')
  return /[<>*`~[\]]|^#/m.test(withoutLinks)
}

export const dingtalk: Rule = request => {
  const query = new URL(request.url, 'http://oapi.dingtalk.com').searchParams
  if (query.get('access_token') !== 'ding-token') return errcode(300005, 'token is not exist')
  const timestamp = query.get('timestamp')
  if (!isFresh(timestamp, 1)) return errcode(310000, 'invalid timestamp')
  const sign = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`).digest('base64')
  if (query.get('sign') !== sign) return errcode(310000, 'sign not match')
  if (!isJson(request)) return errcode(43004, 'invalid content-type')
  if (Buffer.byteLength(request.body) > 20_000) return errcode(460101, 'message too long, exceed 20000 bytes')
  const body = parse(request.body)
  if (body?.msgtype !== 'markdown' || !body.markdown?.title || !body.markdown.text)
    return errcode(400105, 'unsupported message type')
  if (body.at?.isAtAll || body.at?.atMobiles) return errcode(410103, 'somebody is mentioned')
  return strangeMarkup(body.markdown.text) ? errcode(400201, 'strange markup') : null
}

export const wecom: Rule = request => {
  const key = new URL(request.url, 'http://qyapi.weixin.qq.com').searchParams.get('key')
  if (key !== 'wecom-key') return errcode(93000, 'invalid webhook url')
  const body = isJson(request) ? parse(request.body) : null
  if (body?.msgtype !== 'markdown' || !body.markdown?.content) return errcode(40008, 'invalid message type')
  const { content } = body.markdown
  if (Buffer.byteLength(content) > 4096) return errcode(40058, 'markdown.content exceed max length 4096')
  return strangeMarkup(content) ? errcode(40058, 'strange markup') : null
}

const code = (number: number, msg: string) => json({ code: number, msg, data: {} })

export const feishu: Rule = request => {
  if (!request.url.endsWith('/hook/feishu-hook'))
    return code(19001, 'param invalid: incoming webhook access token invalid')
  const body = isJson(request) ? parse(request.body) : null
  if (!body) return code(9499, 'Bad Request')
  const sign = createHmac('sha256', `${body.timestamp}\n${SECRET}`).update('').digest('base64')
  if (!isFresh(body.timestamp, 1000) || body.sign !== sign)
    return code(19021, 'sign match fail or timestamp is not within one hour from current time')
  if (Buffer.byteLength(request.body) > 20 * 1024) return code(9499, 'Bad Request')
  const post = body.content?.post?.zh_cn
  if (body.msg_type !== 'post' || !Array.isArray(post?.content))
    return code(19002, 'params error, msg_type need')
  const tags: { tag: string; text: string; href?: string }[] = post.content.flat()
  const isRight = ({ tag, text, href }: (typeof tags)[number]) =>
    !/<at\b/.test(text) && (tag === 'text' ? !href : tag === 'a' && /^https?:\/\/[^\s]+$/.test(href ?? ''))
  return tags.every(isRight) ? null : code(19002, 'params error')
}

export const webhook: Rule = request => {
  const { headers, body } = request
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
  if (!isJson(request) || !headers['x-crat-delivery']) return plain('no delivery id', 400)
  if (headers['x-crat-signature'] !== signature) return plain('wrong signature', 401)
  return parse(body)?.delivery_id === headers['x-crat-delivery'] ? null : plain('another delivery id', 400)
}
