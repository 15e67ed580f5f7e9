/** Stands for a secret wherever one would be shown; written back, it keeps the stored one. */
export const MASK = '••••••'

/** What a secret is stored as: a whole value, or the user info of a URL. */
export const SEALED = /sealed\.v1\.[\w-]+/g
const USER_INFO = /:\/\/[^\s/?#]*@/g

export const isSecretName = (name: string) =>
  /passw|passphrase|secret|token|credential|api[-_ ]?key|private[-_ ]?key/i.test(name)

/** Reports whether a stored value is a secret as a whole. */
export const isSealed = (value: unknown): value is string =>
  typeof value === 'string' && value.replace(SEALED, '') === '' && value !== ''

/** Replaces user and password of every URL in the text. */
export function maskUserInfo(text: string): string {
  return text.replace(USER_INFO, `://${MASK}@`)
}

export function withoutUserInfo(text: string): string {
  return text.replace(USER_INFO, '://')
}

/** Masks what is sealed, what a name says is secret, and user info in URLs. */
export function masked<T>(value: T): T {
  if (typeof value === 'string') return maskUserInfo(value.replace(SEALED, MASK)) as T
  if (Array.isArray(value)) return value.map(masked) as T
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  const parts = Object.entries(value).map(([name, part]) => [name, hides(name, part) ? MASK : masked(part)])
  return Object.fromEntries(parts) as T
}

/** An empty value shows that none is set; a switch is no secret. */
export function hides(name: string, value: unknown): boolean {
  return isSecretName(name) && !isEmpty(value) && typeof value !== 'boolean'
}

const isEmpty = (value: unknown) => value === '' || value === null || value === undefined
