import { permanent } from './package-error.ts'

export function addressOf(baseUrl: string, packagePath: string): URL {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl))
    throw permanent('package:bad_base_url', { url: baseUrl })
  const segments = packagePath.replace(/^\/+|\/+$/g, '').split('/')
  // They would lead to another build's package.
  if (segments.some(segment => segment === '.' || segment === '..'))
    throw permanent('package:bad_path', { path: packagePath })

  const address = new URL(baseUrl)
  address.search = ''
  address.hash = ''
  // The egress sends them as a header; here they would be shown with the address.
  address.username = ''
  address.password = ''
  const path = segments.map(segment => encodeURIComponent(segment.toWellFormed())).join('/')
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/${path}${isPackageName(path) || !path ? '' : '/'}`
  return address
}

export function isPackageName(name: string): boolean {
  return /\.(tar\.gz|tgz)$/i.test(name)
}

export function isFileName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    name.isWellFormed() &&
    !/[/\\\p{Cc}]/u.test(name) &&
    Buffer.byteLength(name) <= 255
  )
}

export function fileNameOf(url: URL): string | null {
  const name = decode(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
  return name !== null && isFileName(name) ? name : null
}

export function directoryOf(url: URL): URL {
  return new URL('.', url.origin + url.pathname)
}

/** Compares decoded paths: `a%28b` and `a(b` are the same directory. */
export function sameDirectory(one: URL, other: URL): boolean {
  const [left, right] = [one, other].map(url => url.pathname.split('/').slice(0, -1).map(decode))
  return one.origin === other.origin && JSON.stringify(left) === JSON.stringify(right)
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
