import type { Subject } from '../check.ts'

/** The address of a setting, with its user and password; null where it is not set or cannot be opened. */
export async function addressIn({ query, sealer }: Subject, key: string): Promise<string | null> {
  const [row] = await query<{ value: unknown }>('SELECT value FROM system_settings WHERE key = $1', [key])
  const value = row?.value
  if (typeof value !== 'string' || value === '') return null
  if (!sealer) return value
  return sealer.canOpen(value) ? sealer.open(value) : null
}
