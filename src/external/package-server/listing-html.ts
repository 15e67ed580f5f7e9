import { setImmediate } from 'node:timers/promises'
import { Parser } from 'htmlparser2'
import { directoryOf, fileNameOf, isPackageName, sameDirectory } from './address.ts'
import type { ListedFile, Listing } from './listed-file.ts'
import { parseListingDate } from './listing-date.ts'

const SLICE = 256 * 1024
/** Between a link and its date there are only a size and blanks. */
const MOST_TEXT = 300

export async function parseHtmlListing(body: Buffer, url: URL): Promise<Listing | null> {
  const reader = new ListingReader(url)
  const decoder = new TextDecoder()
  for (let offset = 0; offset < body.length; offset += SLICE) {
    reader.write(decoder.decode(body.subarray(offset, offset + SLICE), { stream: true }))
    await setImmediate()
  }
  return reader.end()
}

class ListingReader {
  readonly #files = new Map<string, ListedFile>()
  readonly #base: URL
  readonly #directory: URL
  #open: string[] = []
  #current: ListedFile | null = null
  #text = ''
  #heading = ''
  #linksUp = false
  readonly #parser: Parser

  constructor(url: URL) {
    this.#base = url
    this.#directory = directoryOf(url)
    this.#parser = new Parser({
      onopentag: (tag, attributes) => this.#openTag(tag, attributes),
      ontext: text => this.#addText(text),
      onclosetag: tag => this.#closeTag(tag),
    })
  }

  write(html: string): void {
    this.#parser.write(html)
  }

  end(): Listing | null {
    this.#parser.end()
    this.#takeDate()
    const names = [...this.#files.keys()]
    // An empty directory and a login or error page both link no package; only a listing has such a heading.
    const saysSo = /^\s*(index of|directory listing|files within)\b/i.test(this.#heading)
    const isListing = saysSo || this.#linksUp || names.some(isPackageName)
    return isListing ? this.#files : null
  }

  #openTag(tag: string, attributes: Record<string, string>): void {
    if (tag === 'a' && attributes.href !== undefined) this.#openLink(attributes.href.trim())
    if (tag === 'time') this.#text += ` ${attributes.datetime ?? ''} `
    // Links do not nest: this closes an unclosed one.
    if (tag === 'a') this.#open = []
    if (['a', 'title', 'script', 'style'].includes(tag)) this.#open.push(tag)
    this.#text += ' '
  }

  #openLink(href: string): void {
    this.#takeDate()
    if (/^\.\.\/?$/.test(href)) this.#linksUp = true
    this.#current = this.#fileBehind(href)
  }

  /** Links with a query are not files: a sort order, a preview, a deletion. */
  #fileBehind(href: string): ListedFile | null {
    if (!URL.canParse(href, this.#base.href)) return null
    const url = new URL(href, this.#base)
    const name = fileNameOf(url)
    if (name === null || url.search || url.username || url.password) return null
    if (!sameDirectory(url, this.#directory)) return null

    url.hash = ''
    const file = this.#files.get(name) ?? { name, url: url.href, date: null }
    this.#files.set(name, file)
    return file
  }

  #addText(text: string): void {
    const [outer] = this.#open
    if (outer === 'title') this.#heading += text
    if (outer === undefined && this.#text.length < MOST_TEXT) this.#text += text
  }

  #closeTag(tag: string): void {
    if (this.#open.at(-1) === tag) this.#open.pop()
    this.#text += ' '
  }

  #takeDate(): void {
    if (this.#current) this.#current.date ??= parseListingDate(this.#text)
    this.#text = ''
  }
}
