import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from './errors.ts'
import { isSealed, SEALED } from './secrets.ts'

const PREFIX = 'sealed.v1.'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts secrets for the database: AES-256-GCM with a key that is derived from the server's secret. */
export interface Sealer {
  seal(value: unknown): string
  /** Opens what is sealed in a value, at any depth. Throws AppError if it was sealed with another secret. */
  open<T>(value: T): T
  /** Reports whether a sealed text holds this value; false if it cannot be opened. */
  holds(sealed: string, value: unknown): boolean
  /** Reports whether all that is sealed in a value can be opened. */
  canOpen(value: unknown): boolean
  /** Reports whether all that is sealed in a value was sealed with the current secret. */
  isCurrent(value: unknown): boolean
  /** Every secret in a value. */
  secretsIn(value: unknown): unknown[]
}

/** Seals with the first secret; opens what was sealed with any of them. */
export function createSealer([current = '', ...previous]: string[]): Sealer {
  const keys = [current, ...previous].map(keyFrom)
  const [key = keyFrom(current)] = keys

  function find(token: string): string | null {
    for (const each of keys) {
      const text = decrypt(each, bytesOf(token))
      if (text !== null) return text
    }
    return null
  }

  function openToken(token: string): unknown {
    const text = find(token)
    if (text === null) throw new AppError('errors:sealed_with_other_secret')
    return JSON.parse(text)
  }

  function open<T>(value: T): T {
    if (isSealed(value)) return openToken(value) as T
    if (typeof value === 'string') return value.replace(SEALED, token => String(openToken(token))) as T
    if (Array.isArray(value)) return value.map(open) as T
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, open(part)])) as T
  }

  return {
    open,
    seal: value => PREFIX + encrypt(key, JSON.stringify(value)).toString('base64url'),
    holds: (sealed, value) => find(sealed) === JSON.stringify(value),
    canOpen: value => tokensIn(value).every(token => find(token) !== null),
    isCurrent: value => tokensIn(value).every(token => decrypt(key, bytesOf(token)) !== null),
    secretsIn: value => tokensIn(value).map(openToken),
  }
}

function tokensIn(value: unknown): string[] {
  if (typeof value === 'string') return value.match(SEALED) ?? []
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(tokensIn) : []
}

const bytesOf = (token: string) => Buffer.from(token.slice(PREFIX.length), 'base64url')

function keyFrom(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'crat sealed values', 32))
}

function encrypt(key: Buffer, text: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), content])
}

/** Returns null if the content is not of this key. */
function decrypt(key: Buffer, bytes: Buffer): string | null {
  if (bytes.length < IV_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const content = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES))
    return Buffer.concat([content, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
