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

/** The query stays: it may be what opens the door. */
export function below(url: URL, name: string): URL {
  const file = new URL(url)
  file.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`
  return file
}

/** A page or an XML file is the report itself: what lies beside it may be another one's. */
export function isOneFile({ url }: Address): boolean {
  return /\.(html?|xml)$/i.test(url.pathname)
}

/** Where the report lies that is one page. */
export function pagesOf(address: Address): URL[] {
  const { url, given } = address
  if (isOneFile(address)) return [given]
  const index = below(url, 'index.html')
  return given.href === index.href ? [index] : [index, given]
}
