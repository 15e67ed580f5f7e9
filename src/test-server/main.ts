import { readFile } from 'node:fs/promises'
import { createLog } from '../lib/log.ts'
import { type ProgramOptions, readOptions, USAGE } from './options.ts'
import { startProgram } from './program.ts'
import { parseConfig } from './services/config-file.ts'

const options = optionsOrEnd()
try {
  if (options.check) {
    const services = parseConfig(await readFile(options.config, 'utf8'), options.config)
    console.log(`${options.config} is right: ${services.map(({ name }) => name).join(', ')}`)
  } else await run(options)
} catch (error) {
  console.error((error as Error).message)
  process.exit(1)
}

function optionsOrEnd(): ProgramOptions {
  try {
    const read = readOptions(process.argv.slice(2), process.env)
    if (read) return read
    console.log(USAGE)
    process.exit(0)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    process.exit(2)
  }
}

async function run(program: ProgramOptions): Promise<void> {
  const { url, close } = await startProgram(program, createLog(process.env.LOG_LEVEL || 'info'))
  console.log(`deploy_and_test server at ${url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close)
}
