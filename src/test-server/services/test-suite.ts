import * as z from 'zod'
import { stages, thresholds } from '../load/stages.ts'
import { duration, size } from './quantities.ts'

export const command = z.union([z.string().trim().min(1), z.array(z.string()).min(1)], {
  error: 'must be a command: a text, or a list of a program and its arguments',
})

export const variables = z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.coerce.string())

const limits = z.strictObject({
  /** What the tests may write to their output. */
  log: size.default(256 * 1000 ** 2),
  /** What they may leave in their working directory. */
  disk: size.default(4 * 1000 ** 3),
  /** What must stay free on the disk of the data directory. */
  free_disk: size.default(100 * 1000 ** 2),
  memory: size.default(8 * 1000 ** 3),
  processes: z.int().positive().default(1000),
})
export type Limits = z.output<typeof limits>

const common = {
  /** A submission whose `test_path` is this name runs this suite. */
  name: z.string().min(1).optional(),
  /** Below the package, or absolute: on the machine of the test server. */
  directory: z.string().min(1).default('.'),
  time_limit: duration.default(3_600_000),
  environment: variables.default({}),
  limits: limits.prefault({}),
  /** What becomes of the deployed version where the tests were ended at a limit. */
  after_limit: z.enum(['restore', 'keep']).default('restore'),
}

const commandSuite = z.strictObject({
  ...common,
  kind: z.literal('command'),
  command,
  /** Repeats failed tests; they are named in the file FAILED_TESTS. Without it the command is run again. */
  retry_command: command.optional(),
  retries: z.int().min(0).max(5).default(0),
  /** With any other exit status the tests did not come to their end. */
  exit_status: z.array(z.int().min(0).max(255)).min(1).default([0, 1]),
})
export type CommandSuite = z.output<typeof commandSuite>

const loadSuite = z.strictObject({
  ...common,
  kind: z.literal('load'),
  locustfile: z.string().min(1),
  locust: z.string().min(1).default('locust'),
  stages,
  thresholds: thresholds.prefault({}),
  ramp_down: duration.default(10_000),
  /** Worker processes on this machine beside the one that leads. */
  workers: z.int().min(0).max(256).default(0),
})
export type LoadSuite = z.output<typeof loadSuite>

export type TestSuite = CommandSuite | LoadSuite

/** Without a kind it is a command. */
export const testSuite = z.preprocess(
  given => (isObject(given) && !('kind' in given) ? { kind: 'command', ...given } : given),
  z.discriminatedUnion('kind', [commandSuite, loadSuite]),
)

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
