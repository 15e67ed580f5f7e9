import * as z from 'zod'

const MILLISECONDS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const BYTES: Record<string, number> = { B: 1, kB: 1000, MB: 1000 ** 2, GB: 1000 ** 3 }

/** `30s` as milliseconds. */
export const duration = quantity(MILLISECONDS, 'a duration such as 500ms, 30s, 10m or 2h')

/** `64MB` as bytes. */
export const size = quantity(BYTES, 'a size such as 500kB, 64MB or 2GB')

function quantity(units: Record<string, number>, expected: string) {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?) ?(${Object.keys(units).join('|')})$`)
  return z
    .string({ error: `must be ${expected}` })
    .regex(pattern, { error: `must be ${expected}` })
    .transform(text => {
      const [, number, unit = ''] = pattern.exec(text) ?? []
      return Number(number) * (units[unit] ?? 0)
    })
}
