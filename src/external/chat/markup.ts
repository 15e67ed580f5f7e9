import { oneLine } from '../../lib/text.ts'
import type { ChatMessage } from './types.ts'

/** How a service writes what a message consists of. */
export interface Dialect {
  text(plain: string): string
  bold(text: string): string
  link(label: string, url: string): string
  bullet: string
  lineBreak: string
}

const LOOK_ALIKES: Record<string, string> = {
  '*': '∗',
  '`': 'ˋ',
  '~': '∼',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '#': '＃',
}

/** Replaces what could become markup or a mention: the services document no way to escape it. */
export function withoutMarkup(text: string, markup: RegExp): string {
  return oneLine(text).replace(markup, character => LOOK_ALIKES[character] ?? character)
}

/** As most services write it. */
export const MARKDOWN: Dialect = {
  text: plain => withoutMarkup(plain, /[*`~[\]<>]|^#/g),
  bold: text => `**${text}**`,
  link: (label, url) => `[${label}](${url})`,
  bullet: '- ',
  lineBreak: '\n',
}

/** Escapes what would end a link in markdown, or in the form `<url|label>`. */
export function linkAddress(url: string): string {
  return url.replace(/[()<>|[\]\s]/g, character => `%${character.charCodeAt(0).toString(16)}`)
}

export function write({ title, summary, details, links }: ChatMessage, dialect: Dialect): string {
  const { text, bold, link, bullet, lineBreak } = dialect
  return [
    bold(text(title)),
    ...summary.map(text),
    ...details.map(line => `${bullet}${text(line)}`),
    links.map(({ label, url }) => link(text(label), linkAddress(url))).join('  '),
  ]
    .filter(Boolean)
    .join(lineBreak)
}
