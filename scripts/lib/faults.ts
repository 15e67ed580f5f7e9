import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CASES } from '../../test/faults/cases.ts'
import type { FaultCase } from '../../test/faults/fault-case.ts'
import { closeFaultWorlds, takeLoggedErrors } from '../../test/faults/world/index.ts'
import { startFaultyPostgres } from '../../test/faults/world/postgres.ts'
import { stopped, stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { paint } from './terminal.ts'

const USAGE = `Shows that nothing is lost: kills, cuts, stalls and fills up what CRAT lives on, and looks at what is left.

  npm run faults -- [NAME...] [--rounds N]

${CASES.map(({ name, about, rounds }) => `  ${name.padEnd(20)} ${about} (${rounds})`).join('\n')}

Without a name all of them. The number in brackets is how often by default; --rounds says otherwise.`

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const chosen = CASES.filter(
  ({ name }) => positionals.length === 0 || positionals.some(part => fits(name, part)),
)
const strangers = positionals.filter(part => !CASES.some(({ name }) => fits(name, part)))
const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
if (values.help || strangers.length > 0 || (rounds !== undefined && !(rounds >= 1))) {
  if (strangers.length > 0) console.error(`There is no case "${strangers[0]}".\n`)
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

const stop = stopSignal()
let passed = 0
let failed = 0
// What a case that was cut short still waited for is nobody's concern; anything else counts as a failure.
process.on('unhandledRejection', error => {
  if (stop.aborted) return
  failed += 1
  console.error(error)
})
const folder = await temporaryFolder('crat-faults-')
process.env.TMPDIR = folder
process.env.NODE_COMPILE_CACHE = `${folder}/compiled`
const postgres = await startFaultyPostgres(`${folder}/postgres`)
for (const faultCase of chosen) {
  if (stop.aborted) break
  if (await play(faultCase)) passed += 1
  else failed += 1
}
await postgres.close()
await rm(folder, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed`)
// At once: the engine that migrated the template holds the process for ten seconds.
process.exit(stop.aborted ? 130 : failed === 0 ? 0 : 1)

/** `database` also means every case of that kind: `database/restart` and the like. */
function fits(name: string, part: string): boolean {
  return name === part || name.startsWith(`${part}/`)
}

async function play({ name, rounds: usual, run }: FaultCase): Promise<boolean> {
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  try {
    const cutShort = stopped(stop).then(() => {
      throw new Error('stopped')
    })
    const figures = await Promise.race([run(postgres, rounds ?? usual), cutShort])
    const shown = Object.entries(figures).map(([key, value]) => `${key.replaceAll('_', ' ')}: ${value}`)
    console.log(
      `${name.padEnd(22)} ${paint('green', 'ok')}      ${seconds().padStart(8)}  ${shown.join('; ')}`,
    )
    return true
  } catch (error) {
    console.log(
      `${name.padEnd(22)} ${paint('red', 'FAILED')}  ${seconds().padStart(8)}  ${(error as Error).message}`,
    )
    for (const line of takeLoggedErrors()) console.log(`    ${line}`)
    return false
  } finally {
    takeLoggedErrors()
    // A case that was stopped may have left it frozen, and then nothing can be closed.
    await postgres.thaw()
    await closeFaultWorlds()
  }
}
