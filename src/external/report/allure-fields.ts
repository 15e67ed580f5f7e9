import * as z from 'zod'

export const retries = z.number().int().min(0).max(1000).catch(0)
export const flag = z.boolean().catch(false)

const MAX_SUITES = 20

export function pathInto(name: string, outer: string[]): string[] {
  return outer.length < MAX_SUITES ? [...outer, name] : outer
}

/** JSON can hold lone surrogates, which cannot be encoded. */
export function testFile(folder: 'test-cases' | 'test-results', id: string): string {
  return `data/${folder}/${encodeURIComponent(id.toWellFormed())}.json`
}
