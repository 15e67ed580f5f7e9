import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runJob } from '../../src/jobs/timetable.ts'
import { openWorld, startWorld } from '../world/index.ts'

const one = await startWorld({ env: { ROLE: 'web' } })
const other = await openWorld(one.dataDir, one.databaseUrl, { env: { ROLE: 'web' } })

describe('an entry of the timetable that two processes come for at once', () => {
  it('is done by one of them', async () => {
    const doneBy: string[] = []
    const job = (name: string) => async () => {
      doneBy.push(name)
    }
    await Promise.all([
      runJob(one.crat.ctx, 'sweep', job('one')),
      runJob(other.crat.ctx, 'sweep', job('other')),
      runJob(one.crat.ctx, 'sweep', job('one')),
    ])
    assert.equal(doneBy.length, 1)
  })

  it('is done again at its next time', async () => {
    await one.crat.ctx.db.timetableEntry.update({
      where: { name: 'sweep' },
      data: { takenFor: new Date(Date.now() - 3_600_000) },
    })
    let done = 0
    await runJob(other.crat.ctx, 'sweep', async () => {
      done += 1
    })
    assert.equal(done, 1)
  })
})
