import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface Options {
  /** Names of parts. */
  chosen: string[]
  quick: boolean
  scale: number
  jsonFile: string | null
  database: string | null
  beside: string | null
  strict: boolean
}

const usage = (
  parts: { name: string; about: string }[],
) => `Measures CRAT beside what the machine itself can do.

  npm run bench -- [PART]... [--quick] [--scale N] [--json FILE] [--database URL] [--beside URL] [--strict]

${parts.map(({ name, about }) => `  ${name.padEnd(15)} ${about}`).join('\n')}

Without a name all of them.

  --quick         short rounds and a small database: whether it works, not how fast it is
  --scale N       the big database is N times as big; 1 if missing, 0.02 with --quick
  --json FILE     also writes the figures there
  --database URL  a PostgreSQL to use instead of an embedded one; the user must be allowed to create databases, and
                  those that are made (crat_bench_…) are dropped at the end
  --beside URL    another CRAT, also of version 1: it gets the same webhooks and lists in turns. It keeps what it is
                  sent, so let it have an empty database
  --strict        exit status 1 where a target is missed`

/** What the command line says; ends the process where that makes no sense. */
export function readOptions(parts: { name: string; about: string }[]): Options {
  try {
    const { values, positionals } = parseCommandLine()
    if (values.help) exit(usage(parts), 0)
    const unknown = positionals.find(name => !parts.some(part => part.name === name))
    if (unknown) throw new Error(`There is no part "${unknown}".`)
    const scale = Number(values.scale ?? (values.quick ? 0.02 : 1))
    if (!(scale > 0)) throw new Error('--scale must be a number above 0.')
    return {
      ...{ chosen: positionals, quick: values.quick, strict: values.strict, scale },
      // npm starts it in the project's folder and says where the caller was.
      jsonFile: values.json ? resolve(process.env.INIT_CWD ?? '.', values.json) : null,
      database: values.database ?? null,
      beside: values.beside?.replace(/\/+$/, '') ?? null,
    }
  } catch (error) {
    return exit(`${(error as Error).message}\n\n${usage(parts)}`, 2)
  }
}

function parseCommandLine() {
  return parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      scale: { type: 'string' },
      json: { type: 'string' },
      database: { type: 'string' },
      beside: { type: 'string' },
    },
    allowPositionals: true,
  })
}

function exit(text: string, status: number): never {
  console.log(text)
  process.exit(status)
}
