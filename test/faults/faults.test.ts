import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { CASES } from './cases.ts'
import { startFaultyPostgres } from './world/postgres.ts'

const folder = await mkdtemp(join(tmpdir(), 'crat-faults-'))
const postgres = await startFaultyPostgres(join(folder, 'postgres'))
after(async () => {
  await postgres.close()
  await rm(folder, { recursive: true, force: true })
})

// A few rounds of the quick ones; `npm run faults` runs all of them at length.
describe('nothing is lost', () => {
  for (const { name, about, quick, run } of CASES) {
    if (quick !== undefined) it(`${name}: ${about}`, async () => void (await run(postgres, quick)))
  }
})
