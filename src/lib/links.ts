/** Where Jenkins shows a build: `CDN/Core` #101 is `…/job/CDN/job/Core/101/`. null without an address. */
export function buildUrl(base: string, jobName: string, buildNumber: number): string | null {
  return jobUrl(base, jobName, `${buildNumber}/`)
}

/** Where Jenkins shows a job. */
export function jobUrl(base: string, jobName: string, below = ''): string | null {
  if (!URL.canParse(base)) return null
  const root = base.replace(/\/+$/, '').replace(/\/job$/, '')
  const folders = jobName.split('/').filter(Boolean)
  return `${root}${folders.map(name => `/job/${encodeURIComponent(name)}`).join('')}/${below}`
}

/** The directory (or file) of a package on the package server, for a person to open. */
export function packageUrl(base: string, packagePath: string): string | null {
  if (!URL.canParse(base)) return null
  const segments = packagePath.split('/').filter(Boolean).map(encodeURIComponent)
  const isFile = /\.(tar\.gz|tgz)$/i.test(packagePath.replace(/\/+$/, ''))
  return `${base.replace(/\/+$/, '')}/${segments.join('/')}${isFile ? '' : '/'}`
}

/** What may be clicked: an address that is not http or https stays text. */
export function linkable(url: string | null): string | null {
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null
}
