import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { startWorkingWorld, startWorld } from '../world/index.ts'

const world = await startWorkingWorld()

async function metrics(): Promise<string> {
  const response = await fetch(`${world.url}/metrics`)
  assert.equal(response.status, 200)
  return response.text()
}

/** The value of a sample, whose labels are given in any order. */
function sample(text: string, name: string, ...labels: string[]): number {
  const line = text
    .split('\n')
    .find(each => each.startsWith(name) && labels.every(label => each.includes(label)))
  assert.ok(line, `no ${name} with ${labels}`)
  return Number(line.split(' ').at(-1))
}

describe('/metrics', () => {
  it('asks for METRICS_TOKEN where it is set', async () => {
    const { url } = await startWorld({ env: { METRICS_TOKEN: 'for prometheus alone' } })
    const ask = (authorization?: string) =>
      fetch(`${url}/metrics`, { headers: authorization ? { authorization } : {} })
    for (const wrong of [undefined, 'Bearer', 'Bearer for prometheus', 'Basic Zm9yIHByb21ldGhldXM=']) {
      const response = await ask(wrong)
      assert.equal(response.status, 401)
      assert.doesNotMatch(await response.text(), /crat_|nodejs_/)
    }
    assert.equal((await ask('Bearer for prometheus alone')).status, 200)
  })

  it('tells of a run from its webhook to its mail', async () => {
    await world.buildCore(101)
    const run = await world.trigger()
    await world.liWei.untilRun(run, ({ steps }) => steps[3]?.status === 'COMPLETED')

    const text = await metrics()

    assert.equal(sample(text, 'crat_webhook_seconds_count', 'status="201"'), 1)
    assert.equal(sample(text, 'crat_runs{', 'status="COMPLETED"', 'outcome="passed"'), 1)
    assert.equal(sample(text, 'crat_step_seconds_count', 'state="DOWNLOADING"', 'event="downloaded"'), 1)
    assert.equal(sample(text, 'crat_step_seconds_count', 'state="MONITORING"', 'event="tested"'), 1)
    assert.ok(sample(text, 'crat_polls_total', 'result="answered"') >= 1)
    assert.ok(sample(text, 'crat_downloaded_bytes_total') > 0)
    assert.equal(sample(text, 'crat_mail_deliveries_total', 'result="sent"'), 1)
    assert.equal(sample(text, 'crat_mails', 'status="sent"'), 1)
    assert.equal(sample(text, 'crat_queue_length'), 0)
    assert.equal(sample(text, 'crat_database_up'), 1)
    assert.ok(sample(text, 'crat_sessions') >= 2)
    assert.ok(sample(text, 'crat_pool_connections', 'state="total"') >= 1)
    assert.ok(sample(text, 'nodejs_eventloop_lag_seconds') >= 0)
  })

  it('has every figure that the alert rules look at', async () => {
    const rules = await readFile('ops/alerts.yaml', 'utf8')
    const named = new Set(rules.match(/\b(crat_|nodejs_)\w+/g))
    const text = await metrics()
    for (const name of named) assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'), name)
    assert.ok(named.size > 5)
  })
})
