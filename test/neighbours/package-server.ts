import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Answer, type HttpNeighbour, startHttpNeighbour } from './http-neighbour.ts'
import { locate, NOT_FOUND, serveFile } from './static-files.ts'

export interface PackageServer extends HttpNeighbour {
  /** The folder it serves. */
  root: string
}

/** Serves a folder with directory listings, as nginx with `autoindex on`. */
export async function startPackageServer(root: string): Promise<PackageServer> {
  const server = await startHttpNeighbour(async request => {
    const found = await locate(root, request)
    if (!found) return NOT_FOUND
    const { path, pathname, stats } = found
    if (!stats.isDirectory()) return serveFile(path, stats, request)
    if (!pathname.endsWith('/'))
      return { status: 301, headers: { location: `${new URL(request.url, 'http://localhost').pathname}/` } }
    return listing(path, pathname)
  })
  return { ...server, root }
}

async function listing(folder: string, pathname: string): Promise<Answer> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort(
    (a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (a.name < b.name ? -1 : 1),
  )
  const lines = await Promise.all(
    entries.map(entry => listingLine(folder, entry.isDirectory() ? `${entry.name}/` : entry.name)),
  )
  const title = `Index of ${escapeHtml(pathname)}`
  const body = `<html>
<head><title>${title}</title></head>
<body>
<h1>${title}</h1><hr><pre><a href="../">../</a>
${lines.join('')}</pre><hr></body>
</html>
`
  return { headers: { 'content-type': 'text/html' }, body }
}

async function listingLine(folder: string, name: string): Promise<string> {
  const { mtime, size } = await stat(join(folder, name))
  const href = name.split('/').map(encodeURIComponent).join('/')
  const shown = name.length > 50 ? `${escapeHtml(name.slice(0, 47))}..&gt;` : escapeHtml(name)
  const padding = ' '.repeat(Math.max(1, 51 - name.length))
  const sizeText = name.endsWith('/') ? '-' : `${size}`
  return `<a href="${href}">${shown}</a>${padding}${listingDate(mtime)} ${sizeText.padStart(19)}\n`
}

/** `20-Nov-2026 11:56`, in UTC. */
function listingDate(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ')
  return `${day}-${month}-${year} ${time?.slice(0, 5)}`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
