export function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\p{Cs}]/u.test(text)
}

export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

/**
 * Removes what PostgreSQL cannot store, NUL and lone surrogates, from every string in the value, and fields named
 * `__proto__`, with which Prisma would replace the prototype of a copy.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed() as T
  if (Array.isArray(value)) return value.map(storable) as T
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  const fields = Object.entries(value).map(([key, part]) => [storable(key), storable(part)] as const)
  return Object.fromEntries(fields.filter(([key]) => key !== '__proto__')) as T
}

export function characterStart(bytes: Uint8Array, place: number): number {
  let start = place
  while (start > 0 && ((bytes[start] ?? 0) & 0b1100_0000) === 0b1000_0000) start -= 1
  return start
}
