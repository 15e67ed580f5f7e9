import { withoutUserInfo } from './secrets.ts'

/** The Jenkins page of a build: `CDN/Core` #101 is `…/job/CDN/job/Core/101/`. null if `base` is not a URL. */
export function buildUrl(base: string, jobName: string, buildNumber: number): string | null {
  return jobUrl(base, jobName, `${buildNumber}/`)
}

export function jobUrl(base: string, jobName: string, below = ''): string | null {
  if (!URL.canParse(base)) return null
  const root = withoutUserInfo(base)
    .replace(/\/+$/, '')
    .replace(/\/job$/, '')
  const folders = jobName.split('/').filter(Boolean)
  return `${root}${folders.map(name => `/job/${encodeURIComponent(name)}`).join('')}/${below}`
}

export function packageUrl(base: string, packagePath: string): string | null {
  if (!URL.canParse(base)) return null
  const segments = packagePath.split('/').filter(Boolean).map(encodeURIComponent)
  const isFile = /\.(tar\.gz|tgz)$/i.test(packagePath.replace(/\/+$/, ''))
  return `${withoutUserInfo(base).replace(/\/+$/, '')}/${segments.join('/')}${isFile ? '' : '/'}`
}

/** Returns null for URLs that must not become links, such as `javascript:`. */
export function linkable(url: string | null): string | null {
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? withoutUserInfo(url) : null
}

/** Where a page of a run's report is in the copy that was kept; pages of other reports stay what they are. */
export function keptPage(runId: number, url: string, reportUrl: string): string {
  const [page, report] = [pageOf(url), pageOf(reportUrl)]
  if (page === report) return `/runs/${runId}/report${new URL(url).hash}`
  return page?.startsWith(`${report}/`) ? `/runs/${runId}/report` : url
}

function pageOf(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/index\.html?$/i, '').replace(/\/$/, '')}`
}
