import type { Arbitrary } from 'fast-check'

/** Where input of others comes in. */
export interface Door {
  name: string
  inputs: Arbitrary<unknown>
  /** Returns what went wrong, or null. */
  attempt(input: unknown): Promise<string | null>
}
