import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { liWei, admin } = world
await world.crat.ctx.pool.query(`
  INSERT INTO build_info (job_name, build_number, package_path, raw_data, created_at)
  SELECT 'CDN/Core', number, 'CDN/Core/' || number, '{}', now() + number * interval '1 ms'
  FROM generate_series(1, 10001) AS number`)

const list = async (query: string) => (await liWei.get(`/builds${query}`)).body
const numbersIn = (body: { data: { build_number: number }[] }) => body.data.map(build => build.build_number)
const totalOf = ({ total, total_is_exact }: Record<string, unknown>) => [total, total_is_exact]

describe('more builds than are counted', () => {
  it('have a total that says so, on every page and each time', async () => {
    for (const query of ['', '?offset=5000', '?job_name=CDN%2FCore', '/job/CDN/Core', ''])
      assert.deepEqual(totalOf(await list(query)), [10_000, false], query)
  })

  it('can be paged through to the first', async () => {
    const last = await list('?limit=2&offset=9998')
    assert.deepEqual(numbersIn(last), [3, 2])
    assert.deepEqual(totalOf(last), [10_000, false])
    assert.deepEqual(numbersIn(await list('?limit=2&offset=10000')), [1])
    assert.deepEqual(numbersIn(await list('?limit=2&offset=20000')), [])
  })

  it('are counted again when one of them is deleted', async () => {
    const [newest] = (await list('?limit=1')).data
    assert.equal((await admin.delete(`/builds/${newest.id}`)).status, 200)
    while (!(await list('')).total_is_exact) await sleep(20)
    assert.deepEqual(totalOf(await list('')), [10_000, true])
    assert.deepEqual(totalOf(await list('/job/CDN/Core')), [10_000, true])
  })
})
