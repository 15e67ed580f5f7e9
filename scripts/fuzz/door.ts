import type { Arbitrary } from 'fast-check'

/** Where input of others comes in. */
export interface Door {
  name: string
  inputs: Arbitrary<unknown>
  attempt(input: unknown): Promise<Outcome>
}

export interface Outcome {
  /** The kind of answer: a status, or whether a reader took the input. */
  answer: string
  /** What is wrong with it. */
  problem?: string
}
