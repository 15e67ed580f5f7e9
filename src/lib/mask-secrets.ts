const SECRET_NAME = /passw|token|secret/i
const MASK = '•••'

export function maskSecrets(value: unknown, name = ''): unknown {
  if (SECRET_NAME.test(name) && isGiven(value)) return MASK
  if (typeof value === 'string') return maskUserInfo(value)
  if (Array.isArray(value)) return value.map(part => maskSecrets(part))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, maskSecrets(part, key)]))
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && typeof value !== 'boolean'
}

function maskUserInfo(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*(?:@[^\s/?#@]*)*@/gi, `$1${MASK}@`)
}
