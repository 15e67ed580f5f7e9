import { inspect } from 'node:util'
import type { Door } from './door.ts'
import { createMemory, type Memory } from './memory.ts'

interface DoorFigures {
  inputs: number
  slowestMs: number
  totalMs: number
}

export interface Figures {
  inputs: number
  doors: Map<string, DoorFigures>
  failures: string[]
  memory: Memory
}

const SLOW_MS = 1_000
const SHOWN = 10

export function newFigures(): Figures {
  return { inputs: 0, doors: new Map(), failures: [], memory: createMemory() }
}

export async function measure(figures: Figures, door: Door, input: unknown): Promise<void> {
  let { problem, ms } = await timed(door, input)
  // Others share the machine and the server: slow is what is slow when it is repeated.
  for (let repeats = 0; repeats < 2 && ms > SLOW_MS; repeats += 1) ({ ms } = await timed(door, input))
  if (ms > SLOW_MS) problem ??= `took ${Math.round(ms)} ms`
  if (problem) figures.failures.push(`${door.name}: ${problem}\n  ${shown(input)}`)
  note(figures, door.name, ms)
}

/** Bodies as text, whole: the input is to be sent again. */
function shown(input: unknown): string {
  const text = (value: unknown) => (Buffer.isBuffer(value) ? value.toString() : value)
  const isRequest = typeof input === 'object' && input !== null && 'body' in input
  const readable = isRequest ? { ...input, body: text(input.body), headers: undefined } : text(input)
  return inspect(readable, { depth: 6, maxStringLength: 20_000 })
}

async function timed(door: Door, input: unknown): Promise<{ problem: string | null; ms: number }> {
  const started = performance.now()
  const problem = await door.attempt(input).catch(error => `the request failed: ${error}`)
  return { problem, ms: performance.now() - started }
}

function note(figures: Figures, name: string, ms: number): void {
  const door = figures.doors.get(name) ?? { inputs: 0, slowestMs: 0, totalMs: 0 }
  door.inputs += 1
  door.totalMs += ms
  door.slowestMs = Math.max(door.slowestMs, ms)
  figures.doors.set(name, door)
  figures.inputs += 1
}

/** Returns what does not hold. */
export function judge({ failures, memory }: Figures): string[] {
  const grown = memory.growth()
  return grown ? [...failures, grown] : failures
}

export function report(figures: Figures, seed: number): string {
  const lines = [...figures.doors].map(([name, { inputs, slowestMs, totalMs }]) => {
    const mean = (totalMs / inputs).toFixed(1)
    return `${name.padEnd(12)} ${String(inputs).padStart(8)} inputs, mean ${mean} ms, slowest ${Math.round(slowestMs)} ms`
  })
  const problems = judge(figures)
  const shown = problems.slice(0, SHOWN).map(problem => `\n✖ ${problem}`)
  const verdict = `\n${figures.inputs} inputs (seed ${seed}), ${problems.length} problems`
  return [...lines, figures.memory.summary(), ...shown, verdict].join('\n')
}
