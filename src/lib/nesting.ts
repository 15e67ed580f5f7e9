/** Deeper nesting overflows the stack of recursive code, PostgreSQL's included. */
export const MAX_DEPTH = 100

export function isTooDeep(value: unknown): boolean {
  return isDeeperThan(MAX_DEPTH, value)
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(part => isDeeperThan(levels - 1, part))
}
