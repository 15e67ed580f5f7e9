import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LI_WEI, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()

describe('Li Wei triggers the build that Jenkins announced', () => {
  it('is deployed and tested, and the report is in the inbox', async () => {
    await world.buildCore(101)

    const run = await world.liWei.untilFinished(await world.trigger())

    assert.equal(run.status, 'COMPLETED')
    assert.equal(run.outcome, 'passed')
    assert.equal(run.triggered_by, LI_WEI)
    assert.equal(run.build_number, 101)
    assert.deepEqual(
      run.steps.map((step: { name: string; status: string }) => step.name),
      ['download', 'test', 'monitor', 'notify'],
    )
    const mail = await world.neighbours.mailSink.waitForMail()
    assert.deepEqual(mail.recipients, [LI_WEI])
    assert.match(mail.subject ?? '', /^passed: \d+ of \d+ · cds #101$/)
    assert.match(mail.html ?? '', new RegExp(`http://crat\\.example/runs/${run.id}`))
    const sent = await world.liWei.untilRun(run.id, ({ steps }) => steps[3].status === 'COMPLETED')
    assert.equal(sent.steps[3].name, 'notify')
  })
})
