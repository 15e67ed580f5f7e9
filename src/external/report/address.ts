export interface Address {
  /** Where a person opens the report: without `index.html` and fragment. */
  url: URL
  /** As it was given, but for the fragment. */
  given: URL
}

export function normalise(reportUrl: string): Address | null {
  if (!URL.canParse(reportUrl)) return null
  const given = new URL(reportUrl)
  if (given.protocol !== 'http:' && given.protocol !== 'https:') return null
  given.hash = ''
  const url = new URL(given)
  url.pathname = url.pathname.replace(/\/index\.html?$/i, '/')
  return { url, given }
}

/** These files below the report. None where it is a page or an XML file: what lies beside may be another report's. */
export function filesBelow(address: Address, names: string[]): URL[] {
  return isOneFile(address) ? [] : names.map(name => below(address.url, name))
}

/** The addresses of a report that is one page. */
export function pagesOf(address: Address): URL[] {
  const { url, given } = address
  if (isOneFile(address)) return [given]
  const index = below(url, 'index.html')
  return given.href === index.href ? [index] : [index, given]
}

/** A relative path from a file of the report. */
export function beside(url: URL, path: string): URL {
  return withPath(url, url.pathname.replace(/[^/]*$/, path))
}

function isOneFile({ url }: Address): boolean {
  return /\.(html?|xml)$/i.test(url.pathname)
}

function below(url: URL, name: string): URL {
  return withPath(url, `${url.pathname.replace(/\/$/, '')}/${name}`)
}

/** The query stays: it may hold what gives access. */
function withPath(url: URL, pathname: string): URL {
  const file = new URL(url)
  file.pathname = pathname
  return file
}
