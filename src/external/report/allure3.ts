import * as z from 'zod'
import type { ReportSummary } from '../../lib/report-summary.ts'
import { type Address, beside, filesBelow, pagesOf } from './address.ts'
import { findList } from './allure-list.ts'
import { withTimes } from './allure3-times.ts'
import { treeFile } from './allure3-tree.ts'
import type { Fetcher } from './fetcher.ts'
import { countsSchema, duration, NO_TIMES, summaryFrom } from './figures.ts'
import type { ReportReader } from './reader.ts'

/** With several plugins, Allure 3 writes only an index.html beside their folders. */
const LISTING = ['', 'awesome/', 'classic/']
const FOLDERS = [...LISTING, 'dashboard/']

export const allure3: ReportReader = {
  candidates(address) {
    return filesIn(FOLDERS, 'summary.json', address)
  },

  async read(file, address, fetcher) {
    const summary = parseAllure3(file.json)
    if (!summary) return null
    if (summary.total === 0) return { format: 'allure3', summary, tests: null }
    const tests = await findTree(beside(file.url, treeFile.name), address, fetcher)
    return { format: 'allure3', summary: withTimes(summary, tests?.times), tests }
  },
}

export function findTree(nearest: URL, address: Address, fetcher: Fetcher) {
  const others = filesIn(LISTING, treeFile.name, address).filter(({ href }) => href !== nearest.href)
  return findList([nearest, ...others, ...pagesOf(address)], treeFile, fetcher)
}

function filesIn(folders: string[], name: string, address: Address): URL[] {
  const names = folders.map(folder => folder + name)
  return filesBelow(address, names)
}

const schema = z.object({ stats: countsSchema, duration })

/** `duration` is the sum over the tests up to 3.17, wall clock from 3.18 on: the tests' times tell which. */
export function parseAllure3(json: unknown): ReportSummary | null {
  const { data } = schema.safeParse(json)
  if (!data) return null
  const none = (data.stats.total ?? 0) === 0 && data.duration === 0
  return summaryFrom(data.stats, { ...NO_TIMES, duration_ms: none ? null : data.duration })
}
