import { Parser } from 'htmlparser2'
import * as z from 'zod'
import { addressOf, directoryOf, sameDirectory } from './address.ts'
import { requestListing } from './listing.ts'
import { permanent } from './package-error.ts'
import type { Asking } from './redirects.ts'

const jsonEntries = z.array(z.object({ name: z.string(), type: z.string() }))

/** What a directory of the package server holds, folders with a slash: as people check an address. */
export async function listEntries({ baseUrl, ...asking }: Asking & { baseUrl: string }): Promise<string[]> {
  const address = addressOf(baseUrl, '')
  const { url, answer } = await requestListing(address, asking)
  const text = answer.body.toString('utf8')
  const names = namesInJson(text) ?? namesInHtml(text, url)
  if (!names) throw permanent('package:not_a_listing', { url: url.href })
  return names
}

function namesInJson(text: string): string[] | null {
  if (!/^\s*\[/.test(text)) return null
  const parsed = jsonEntries.safeParse(JSON.parse(text))
  return parsed.success
    ? parsed.data.map(({ name, type }) => (type === 'directory' ? `${name}/` : name))
    : null
}

/** An empty directory links nothing, as other pages do; its title tells. */
function namesInHtml(html: string, url: URL): string[] | null {
  const names = new Set<string>()
  const parser = new Parser({
    onopentag(tag, { href }) {
      const name = tag === 'a' && href ? nameBelow(href, url) : null
      if (name) names.add(name)
    },
  })
  parser.end(html)
  const saysSo = /<title>\s*(index of|directory listing|files within)\b/i.test(html)
  return saysSo || names.size > 0 ? [...names] : null
}

function nameBelow(href: string, base: URL): string | null {
  if (!URL.canParse(href, base.href)) return null
  const url = new URL(href, base)
  const parent = new URL(url.pathname.replace(/[^/]+\/?$/, ''), url)
  if (url.search || url.origin !== base.origin || !sameDirectory(parent, directoryOf(base))) return null
  const name = /[^/]+\/?$/.exec(url.pathname)?.[0]
  return name && url.pathname !== directoryOf(base).pathname ? decodeURIComponent(name) : null
}
