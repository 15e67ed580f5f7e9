import { inspect } from 'node:util'
import type { Door, Outcome } from './door.ts'
import { createMemory, type Memory } from './memory.ts'

interface DoorFigures {
  inputs: number
  slowestMs: number
  totalMs: number
  /** How often each kind of answer came. */
  answers: Map<string, number>
}

export interface Figures {
  inputs: number
  doors: Map<string, DoorFigures>
  failures: string[]
  memory: Memory
}

const SLOW_MS = 1_000
const SHOWN = 10
/** Refusals that say nothing of the input: more of them, and the door was not tried. */
const UNTRIED = '429'
const MOST_UNTRIED = 0.05

export function newFigures(): Figures {
  return { inputs: 0, doors: new Map(), failures: [], memory: createMemory() }
}

export async function measure(figures: Figures, door: Door, input: unknown): Promise<void> {
  let { answer, problem, ms } = await timed(door, input)
  // Others share the machine and the server: slow is what is slow when it is repeated.
  for (let repeats = 0; repeats < 2 && ms > SLOW_MS; repeats += 1) ({ ms } = await timed(door, input))
  if (ms > SLOW_MS) problem ??= `took ${Math.round(ms)} ms`
  if (problem) figures.failures.push(`${door.name}: ${problem}\n  ${shown(input)}`)
  note(figures, door.name, answer, ms)
}

/** Bodies as text, whole: the input is to be sent again. */
function shown(input: unknown): string {
  const text = (value: unknown) => (Buffer.isBuffer(value) ? value.toString() : value)
  const isRequest = typeof input === 'object' && input !== null && 'body' in input
  const readable = isRequest ? { ...input, body: text(input.body), headers: undefined } : text(input)
  return inspect(readable, { depth: 6, maxStringLength: 20_000 })
}

async function timed(door: Door, input: unknown): Promise<Outcome & { ms: number }> {
  const started = performance.now()
  const failed = (error: unknown): Outcome => ({ answer: 'none', problem: `the request failed: ${error}` })
  const outcome = await door.attempt(input).catch(failed)
  return { ...outcome, ms: performance.now() - started }
}

function note(figures: Figures, name: string, answer: string, ms: number): void {
  const door = figures.doors.get(name) ?? { inputs: 0, slowestMs: 0, totalMs: 0, answers: new Map() }
  door.answers.set(answer, (door.answers.get(answer) ?? 0) + 1)
  door.inputs += 1
  door.totalMs += ms
  door.slowestMs = Math.max(door.slowestMs, ms)
  figures.doors.set(name, door)
  figures.inputs += 1
}

/** Returns what does not hold. */
export function judge({ failures, memory, doors }: Figures): string[] {
  const untried = [...doors].filter(
    ([, { answers, inputs }]) => (answers.get(UNTRIED) ?? 0) > MOST_UNTRIED * inputs,
  )
  const closed = untried.map(([name]) => `${name}: most inputs met a rate limit`)
  const grown = memory.growth()
  return [...failures, ...closed, ...(grown ? [grown] : [])]
}

export function report(figures: Figures, seed: number): string {
  const lines = [...figures.doors].map(([name, { inputs, slowestMs, totalMs, answers }]) => {
    const mean = (totalMs / inputs).toFixed(1)
    const kinds = [...answers].sort().map(([answer, times]) => `${answer}: ${times}`)
    return `${name.padEnd(12)} ${String(inputs).padStart(8)} inputs, mean ${mean} ms, slowest ${Math.round(slowestMs)} ms (${kinds.join(', ')})`
  })
  const problems = judge(figures)
  const shown = problems.slice(0, SHOWN).map(problem => `\n✖ ${problem}`)
  const verdict = `\n${figures.inputs} inputs (seed ${seed}), ${problems.length} problems`
  return [...lines, figures.memory.summary(), ...shown, verdict].join('\n')
}
