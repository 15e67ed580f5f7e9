import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { verdictAge } from '../../src/dashboard/verdict-age.ts'
import type { JobStatus } from '../../src/job-versions/job-status.ts'
import { Visitor } from '../http/visitor.ts'
import { coreBuild, LI_WEI, startWorld, WANG_FANG } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { admin, liWei } = world
const { db } = world.crat.ctx
const page = await new Visitor(world.url).logIn(LI_WEI)
const ids: Record<string, number> = {}

/** An item with a job of its own; its last runs ended so, the oldest first. */
async function itemWith(name: string, ...ends: string[]): Promise<void> {
  await world.anyone.post('/builds', coreBuild(1, { JOB_NAME: name, BUILD_USER: name }))
  const { body } = await admin.post('/test-items', { name, associated_job_name: name })
  ids[name] = body.data.id
  for (const end of ends) {
    const run = await world.crat.ctx.db.run.findUniqueOrThrow({
      where: { id: (await admin.post(`/test-items/${body.data.id}/deploy-test`)).body.data.run_id },
    })
    const outcome = end === 'passed' || end === 'failed' ? end : null
    const status = outcome ? 'COMPLETED' : (end as 'FAILED' | 'CANCELLED' | 'PENDING')
    const finishedAt = status === 'PENDING' ? null : new Date()
    await db.run.update({ where: { id: run.id }, data: { status, outcome, finishedAt } })
  }
}

const cardsAt = async (path: string) => {
  const { html } = await page.open(path)
  return [...html.matchAll(/aria-labelledby="item-\d+".*?title="([^"]+)" href="\/tests\/\d+"/gs)].map(
    ([, name]) => name,
  )
}

before(async () => {
  await itemWith('alpha', 'passed')
  await itemWith('beta', 'failed', 'PENDING')
  await itemWith('gamma', 'passed', 'FAILED', 'CANCELLED')
  await itemWith('delta')
  await itemWith('li.wei')
})

describe('cards', () => {
  it('that fail come first, by name', async () => {
    assert.deepEqual(await cardsAt('/tests'), ['beta', 'gamma', 'alpha', 'delta', 'li.wei'])
  })

  it('keep their verdict beside the run that waits', async () => {
    const { html } = await page.open('/tests?q=beta')
    const [card = ''] = /<article.*?<\/article>/s.exec(html) ?? []
    assert.match(card, /Tests failed.*Queued/s)
  })

  it('are filtered by state and text', async () => {
    assert.deepEqual(await cardsAt('/tests?state=failing'), ['beta', 'gamma'])
    assert.deepEqual(await cardsAt('/tests?state=passed'), ['alpha'])
    assert.deepEqual(await cardsAt('/tests?state=active'), ['beta'])
    assert.deepEqual(await cardsAt('/tests?state=never'), ['delta', 'li.wei'])
    assert.deepEqual(await cardsAt('/tests?state=failing&q=gam'), ['gamma'])
    assert.deepEqual(await cardsAt('/tests?state=nonsense&q=%25'), [])
    await world.anyone.post('/builds', coreBuild(2, { JOB_NAME: 'delta' }))
    assert.deepEqual(await cardsAt('/tests?state=newer'), ['delta'])
  })

  it('are mine where I triggered them or the build is mine', async () => {
    assert.deepEqual(await cardsAt('/tests?mine=1'), ['li.wei'])
    await liWei.post(`/test-items/${ids.delta}/deploy-test`)
    assert.deepEqual(await cardsAt('/tests?mine=1'), ['delta', 'li.wei'])
  })

  it('stay on top for who pinned them', async () => {
    await page.submit(`/tests/${ids['li.wei']}/pin`, { pinned: 'on', back: '/tests' })
    await page.submit(`/tests/${ids['li.wei']}/pin`, { pinned: 'on', back: '/tests' })
    assert.equal((await cardsAt('/tests'))[0], 'li.wei')
    const other = await new Visitor(world.url).logIn(WANG_FANG)
    assert.match((await other.open('/tests')).html, /title="beta".*title="li\.wei"/s)
    await page.submit(`/tests/${ids['li.wei']}/pin`, { pinned: 'off', back: '/tests' })
    assert.equal((await cardsAt('/tests'))[0], 'beta')
  })
})

describe('a verdict', () => {
  const job = (selected: number, newest: number) =>
    ({
      selectedBuild: { id: selected, buildNumber: selected + 100 },
      newestBuild: { id: newest, buildNumber: newest + 100 },
    }) as unknown as JobStatus
  const verdict = { buildId: 1, buildNumber: 101 }

  it('says which build it is of where that is not the one that people think of', () => {
    assert.equal(verdictAge(verdict, job(1, 1)), null)
    assert.deepEqual(verdictAge(verdict, job(1, 4)), {
      ...{ key: 'versions:verdict_not_newest', params: { number: 101, newest: 104 } },
    })
    assert.deepEqual(verdictAge(verdict, job(2, 4)), {
      ...{ key: 'versions:verdict_not_selected', params: { number: 101, selected: 102 } },
    })
    assert.equal(verdictAge(null, job(1, 1)), null)
    assert.equal(verdictAge(verdict, null), null)
  })
})

describe('where nothing starts', () => {
  const places = db.environment
  const ready = /What you trigger starts at once/

  it('a paused queue is said on the home page and on the page of a run', async () => {
    await admin.put('/settings', { queue_paused: true })
    const { html } = await page.open('/tests')
    assert.match(html, /The queue is paused\./)
    assert.doesNotMatch(html, ready)
    const run = await db.run.findFirstOrThrow({ where: { itemName: 'beta', status: 'PENDING' } })
    const waiting = await page.open(`/runs/${run.id}`)
    assert.match(waiting.html, /no queued run starts/)
    assert.doesNotMatch(waiting.html, /It starts in a moment|Expected to start|When it starts is not known/)
    await admin.put('/settings', { queue_paused: false })
  })

  it('so is that no test server is ready', async () => {
    await places.updateMany({ data: { state: 'quarantined' } })
    const { html } = await page.open('/tests')
    assert.match(html, /No test server is ready\./)
    assert.doesNotMatch(html, ready)
    assert.match((await page.open('/runs')).html, /paused or quarantined/)
    await places.updateMany({ data: { state: 'ready' } })
  })
})
