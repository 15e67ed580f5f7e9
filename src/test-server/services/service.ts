import * as z from 'zod'
import { duration } from './quantities.ts'
import { command, testSuite, variables } from './test-suite.ts'

const absolutePath = z.string().regex(/^\/[^\0]*[^/\0]$/, { error: 'must be an absolute path' })
/** Below the install directory or the package. */
const relativePaths = z.array(
  z.string().refine(path => !path.startsWith('/') && !path.split('/').includes('..'), {
    error: 'must be a path below the install directory, without ..',
  }),
)

const health = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).optional(),
    tcp: z
      .string()
      .regex(/^[^\s:]+:\d{1,5}$/, { error: 'must be host:port' })
      .optional(),
    command: command.optional(),
    timeout: duration.default(60_000),
  })
  .refine(({ url, tcp, command: run }) => [url, tcp, run].filter(Boolean).length === 1, {
    error: 'must have exactly one of url, tcp and command',
  })

const common = {
  name: z.string().trim().min(1),
  /** A test server that is to take any name has a service with the alias `*`. */
  aliases: z.array(z.string().trim().min(1)).default([]),
  health: health.optional(),
  /** Of the commands that stop, start, deploy and roll back. */
  environment: variables.default({}),
  command_timeout: duration.default(120_000),
  address: z.string().default(''),
  tests: z.union([z.array(testSuite).min(1), testSuite.transform(suite => [suite])]).default([]),
  /** How long a task of a run with peers waits for them. */
  peer_timeout: duration.default(300_000),
  /** To which `tc` applies the network parameters of a submission. */
  network_interface: z
    .string()
    .regex(/^[\w.-]{1,15}$/)
    .optional(),
}

const installed = {
  ...common,
  install_dir: absolutePath,
  /** Files and folders that a deploy leaves as they are. */
  keep: relativePaths.default([]),
  executables: relativePaths.default(['bin/**', 'sbin/**', 'scripts/**', '*.sh']),
  /** How many leading folders of the package's names are left out. Default: one if it holds a single folder. */
  strip: z.int().min(0).max(10).optional(),
  backup_dir: absolutePath.optional(),
  keep_backups: z.int().min(1).max(1000).default(5),
}

const binary = z.strictObject({
  ...installed,
  kind: z.literal('binary'),
  stop: command.default(['./stop.sh']),
  start: command.default(['./start.sh']),
})

const directory = z.strictObject({
  ...installed,
  kind: z.literal('directory'),
  stop: command.default(['scripts/stop.sh']),
  start: command.default(['scripts/start.sh']),
})

/** A package may bring its images in `images/`, as `docker save` writes them. */
const LOAD_IMAGES_AND_START = [
  'for image in images/*; do [ ! -e "$image" ] || docker load --input "$image" || exit; done',
  'docker compose up --detach --wait --remove-orphans',
].join(' && ')

const compose = z.strictObject({
  ...installed,
  kind: z.literal('compose'),
  stop: command.default(['docker', 'compose', 'stop']),
  start: command.default(LOAD_IMAGES_AND_START),
})

const custom = z.strictObject({
  ...common,
  kind: z.literal('command'),
  deploy: command,
  roll_back: command.optional(),
  strip: z.int().min(0).max(10).optional(),
})

export const service = z.discriminatedUnion('kind', [binary, directory, compose, custom])

export type Service = z.output<typeof service>
export type CustomService = z.output<typeof custom>
export type InstalledService = Exclude<Service, CustomService>
