export interface Address {
  url: URL
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

/** Returns none for a single file, whose neighbours may belong to another report. */
export function filesBelow(address: Address, names: string[]): URL[] {
  return isOneFile(address) ? [] : names.map(name => below(address.url, name))
}

export function pagesOf(address: Address): URL[] {
  const { url, given } = address
  if (isOneFile(address)) return [given]
  const index = below(url, 'index.html')
  return given.href === index.href ? [index] : [index, given]
}

export function beside(url: URL, path: string): URL {
  return withPath(url, url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1) + path)
}

function isOneFile({ url }: Address): boolean {
  return /\.(html?|xml)$/i.test(url.pathname)
}

function below(url: URL, name: string): URL {
  return withPath(url, `${url.pathname.replace(/\/$/, '')}/${name}`)
}

/** Keeps the query: it may hold an access token. */
function withPath(url: URL, pathname: string): URL {
  const file = new URL(url)
  file.pathname = pathname
  return file
}
