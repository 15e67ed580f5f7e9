import { join } from 'node:path'
import { type HttpNeighbour, startHttpNeighbour } from './http-neighbour.ts'
import { locate, NOT_FOUND, serveFile } from './static-files.ts'

export interface ReportServer extends HttpNeighbour {
  /** The folder it serves: one folder per report. */
  root: string
}

/** Serves finished reports: static files, `index.html` for a folder, no listings. */
export async function startReportServer(root: string): Promise<ReportServer> {
  const server = await startHttpNeighbour(async request => {
    const found = await locate(root, request)
    const page = found?.stats.isDirectory()
      ? await locate(join(found.path), { ...request, url: '/index.html' })
      : found
    return page ? serveFile(page.path, page.stats, request) : NOT_FOUND
  })
  return { ...server, root }
}
