import type { ChatMessage, ChatService } from './types.ts'

/** More are shortened, so that a burst stays readable. */
const MOST_IN_FULL = 3
const LINE_LENGTHS = [200, 80, 30]

/** As many of the messages, from the first on, as go out as one. At least one does, shortened as far as it must be. */
export function packMessages(service: ChatService, waiting: ChatMessage[]): ChatMessage[] {
  if (waiting.length <= MOST_IN_FULL && service.fits(waiting)) return waiting
  const [first, ...more] = waiting
  if (!first) return []
  if (!more.length) return [shorten(service, first)]
  const packed = [shorten(service, brief(first))]
  for (const message of more.map(brief)) {
    if (!service.fits([...packed, message])) break
    packed.push(message)
  }
  return packed
}

const brief = (message: ChatMessage): ChatMessage => ({ ...message, details: [] })

function shorten(service: ChatService, message: ChatMessage): ChatMessage {
  const { details } = message
  for (let kept = details.length; kept >= 0; kept -= 1) {
    const shorter = {
      ...message,
      details: kept < details.length ? [...details.slice(0, kept), '…'] : details,
    }
    if (service.fits([shorter])) return shorter
  }
  const clipped = LINE_LENGTHS.map(length => clip(message, length))
  return clipped.find(shorter => service.fits([shorter])) ?? { ...clip(message, 30), links: [] }
}

function clip({ title, summary, links }: ChatMessage, length: number): ChatMessage {
  const cut = (line: string) => (line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line)
  return { title: cut(title), summary: summary.map(cut), details: [], links: links.slice(-1) }
}
