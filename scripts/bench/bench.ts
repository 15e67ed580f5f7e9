import type { Databases } from './databases.ts'
import type { Figure } from './figures.ts'
import { fill } from './fill.ts'
import type { Options } from './options.ts'
import type { OtherServer } from './other-server.ts'
import { type Program, startProgram } from './programs.ts'
import { type Server, startServer } from './server.ts'
import { bigSizes, type Pace, paceOf, type Sizes, SMALL } from './sizes.ts'

/** A part of the bench. */
export interface Part {
  name: string
  /** What it measures, in one line. */
  about: string
  measure(bench: Bench): Promise<void>
}

/** What a part works with. */
export interface Bench {
  options: Options
  pace: Pace
  /** Of the big database. */
  sizes: Sizes
  folder: string
  databases: Databases
  /** The server of `--beside`. */
  other: OtherServer | null
  signal: AbortSignal
  /** A database as a CRAT that has just been set up has it. */
  freshDatabase(): Promise<string>
  /** Filled once for all parts. A part that changes it takes a copy. */
  filledDatabase(which: 'small' | 'big'): Promise<string>
  /** It is stopped at the end of the part, as programs are. */
  startServer(databaseUrl: string, env?: Record<string, string>): Promise<Server>
  startProgram<Said>(file: string, args?: string[]): Program<Said>
  record(figure: Figure): void
}

type Given = Pick<Bench, 'options' | 'folder' | 'databases' | 'other' | 'signal' | 'record'>

/** What is started is handed to `onCleanUp`. */
export function createBench(given: Given, onCleanUp: (cleanUp: () => Promise<void>) => void): Bench {
  const { options, folder, databases, signal } = given
  const filled: Partial<Record<'small' | 'big', Promise<string>>> = {}
  let migrated: Promise<string> | null = null

  async function startOne(databaseUrl: string, env?: Record<string, string>): Promise<Server> {
    const server = await startServer({ folder, databaseUrl, env, signal })
    onCleanUp(server.stop)
    return server
  }

  /** CRAT itself makes its tables, once; then they are copied. */
  async function migrate(): Promise<string> {
    const databaseUrl = await databases.create()
    await (await startOne(databaseUrl)).stop()
    return databaseUrl
  }

  async function freshDatabase(): Promise<string> {
    migrated ??= migrate()
    return databases.create(await migrated)
  }

  async function fillFresh(sizes: Sizes): Promise<string> {
    const databaseUrl = await freshDatabase()
    await fill(databaseUrl, sizes, signal)
    return databaseUrl
  }

  const sizes = bigSizes(options)
  return {
    ...given,
    ...{ sizes, pace: paceOf(options), freshDatabase, startServer: startOne },
    filledDatabase(which) {
      filled[which] ??= fillFresh(which === 'small' ? SMALL : sizes)
      return filled[which]
    },
    startProgram<Said>(file: string, args: string[] = []) {
      const program = startProgram<Said>(file, args)
      onCleanUp(program.stop)
      return program
    },
  }
}
