import { readStatus } from './answer.ts'
import { type Dialect, withoutMarkup, write } from './markup.ts'
import type { ChatMessage, ChatService } from './types.ts'

/** Of a section. */
const MAX_CHARACTERS = 3000
const MAX_BLOCKS = 50
const MAX_FALLBACK = 3000

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string) => text.replace(/[&<>]/g, character => ESCAPES[character] ?? character)

const mrkdwn: Dialect = {
  text: plain => escaped(withoutMarkup(plain, /[*`~]/g)),
  bold: text => `*${text}*`,
  link: (label, url) => `<${escaped(url)}|${label.replaceAll('|', '¦')}>`,
  bullet: '• ',
  lineBreak: '\n',
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: one message a second. */
export const slack: ChatService = {
  intervalMs: 1_100,
  fits: messages =>
    messages.length <= MAX_BLOCKS &&
    messages.every(message => write(message, mrkdwn).length <= MAX_CHARACTERS),
  request: ({ url }, messages) => ({
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: fallback(messages), blocks: messages.map(section) }),
  }),
  read: readStatus,
}

/** `verbatim`: names of people and channels in plain text stay plain text. */
function section(message: ChatMessage) {
  return { type: 'section', text: { type: 'mrkdwn', text: write(message, mrkdwn), verbatim: true } }
}

/** For the notification on a screen. */
function fallback(messages: ChatMessage[]): string {
  const lines = messages.map(({ title }) => mrkdwn.text(title))
  while (lines.length > 1 && lines.join('\n').length > MAX_FALLBACK) lines.pop()
  return lines.join('\n')
}
