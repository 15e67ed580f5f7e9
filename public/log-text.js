// The log of a run as text, read in ranges: its end first, what is before it when asked, what is new as it comes.
import { PLAIN_STYLE, parseLine, sameStyle } from './ansi.js'

export const RANGE_BYTES = 256 * 1024
export const WHOLE_RANGE_BYTES = 1024 * 1024

const encoder = new TextEncoder()
const bytesIn = text => encoder.encode(text).length

export class SignedOut extends Error {}

/** Lines between two offsets, which are bytes of the whole. */
export class LogText {
  lines = []
  styles = []
  keptFrom = 0
  ended = false
  older = Promise.resolve()

  constructor(url) {
    this.url = url
  }

  async fetch(offset, limit) {
    const response = await fetch(`${this.url}&offset=${offset}&limit=${limit}`)
    if (response.status === 401) throw new SignedOut()
    if (!response.ok) throw new Error(`the log was answered with ${response.status}`)
    return response.json()
  }

  async readEnd() {
    const { size, kept_from } = await this.fetch(0, 4)
    this.keptFrom = kept_from
    this.start = this.next = size
    // Begun anew when an attempt has failed half-way.
    this.lines = []
    this.styles = []
    await this.readOlder(RANGE_BYTES)
    await this.readNew()
  }

  hasOlder() {
    return this.start > this.keptFrom
  }

  /** Says how many lines were put before the others. One read at a time: each ends where the last one began. */
  readOlder(bytes) {
    const read = this.older.then(() => (this.hasOlder() ? this.readBefore(bytes) : 0))
    this.older = read.catch(() => {})
    return read
  }

  async readBefore(bytes) {
    const from = Math.max(this.keptFrom, this.start - bytes)
    let text = ''
    let first
    // A range may be answered in several parts.
    for (let at = from; at < this.start; ) {
      const part = await this.fetch(at, this.start - at)
      if (!part.text) break
      first ??= part.offset
      text += part.text
      at = part.next_offset
    }
    const cut = first > this.keptFrom ? text.indexOf('\n') + 1 : 0
    this.start = first === undefined ? this.keptFrom : first + bytesIn(text.slice(0, cut))
    return this.prepend(text.slice(cut))
  }

  prepend(text) {
    const lines = text.split('\n')
    const last = lines.pop()
    if (this.lines.length) this.lines[0] = last + this.lines[0]
    else lines.push(last)
    this.lines = lines.concat(this.lines)
    this.styles = new Array(lines.length).concat(this.styles)
    this.style(0, lines.length + 1)
    return lines.length
  }

  /** All that has come since. */
  async readNew() {
    for (;;) {
      const part = await this.fetch(this.next, WHOLE_RANGE_BYTES)
      this.ended = part.eof
      if (part.text) this.append(part)
      if (part.eof || !part.text) return
    }
  }

  append({ text, next_offset }) {
    const [first, ...lines] = text.split('\n')
    if (!this.lines.length) this.lines.push('')
    const place = this.lines.length - 1
    this.lines[place] += first
    for (const line of lines) this.lines.push(line)
    this.next = next_offset
    this.style(place)
  }

  /** A colour goes on until it ends, over lines. From `known` on the lines have been looked at before. */
  style(from, known = Infinity) {
    let style = from > 0 ? parseLine(this.lines[from - 1], this.styles[from - 1]).style : PLAIN_STYLE
    for (let place = from; place < this.lines.length; place += 1) {
      if (place >= known && sameStyle(this.styles[place], style)) return
      this.styles[place] = style
      style = parseLine(this.lines[place], style).style
    }
  }

  /** The empty one after the last line feed is none. */
  count() {
    return this.lines.length - (this.lines.at(-1) === '' ? 1 : 0)
  }
}
