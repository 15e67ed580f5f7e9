import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawRequest } from '../http/raw-request.ts'
import { coreBuild, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei, admin } = world

const announce = (JOB_NAME: string, number: number) =>
  jenkins.post('/builds', coreBuild(number, { JOB_NAME }))
const numbers = (body: { data: { build_number: number }[] }) => body.data.map(build => build.build_number)

for (let number = 1; number <= 25; number++) await announce('CDN/Core', number)
await announce('CDN/Edge', 900)

describe('builds are listed newest first', () => {
  it('in pages', async () => {
    const first = (await liWei.get('/builds')).body
    assert.deepEqual([first.total, first.limit, first.offset], [26, 20, 0])
    assert.deepEqual(numbers(first), [900, ...Array.from({ length: 19 }, (_, index) => 25 - index)])

    const last = (await liWei.get('/builds?limit=10&offset=20')).body
    assert.deepEqual([last.total, last.limit, last.offset], [26, 10, 20])
    assert.deepEqual(numbers(last), [6, 5, 4, 3, 2, 1])

    const beyond = (await liWei.get('/builds?limit=100&offset=1000')).body
    assert.deepEqual([beyond.total, beyond.data], [26, []])
  })

  it('of one job', async () => {
    for (const path of ['/builds?job_name=CDN%2FEdge', '/builds/job/CDN/Edge', '/builds/job/CDN%2FEdge']) {
      const { body } = await liWei.get(path)
      assert.deepEqual([numbers(body), body.total], [[900], 1], path)
    }
    assert.equal((await liWei.get('/builds?job_name=')).body.total, 26)
    assert.equal((await liWei.get('/builds?job_name=nobody')).body.total, 0)
  })

  it('of pages of a sensible size', async () => {
    const wrong = [
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=x',
      'limit=',
      'limit=1.5',
      'limit=1e1',
      'limit=0x9',
    ]
    wrong.push('offset=-1', 'offset=x', 'offset=99999999999', 'limit=1&limit=2')
    for (const query of wrong) {
      const { status, body } = await liWei.get(`/builds?${query}`)
      assert.equal(status, 400, query)
      assert.equal(body.details[0].path, query.split('=')[0])
      assert.match(body.error, /must be a whole number from/)
    }
  })
})

describe('one build', () => {
  it('is got by its id', async () => {
    const { id } = (await liWei.get('/builds?limit=1')).body.data[0]
    const { status, body } = await liWei.get(`/builds/${id}`)
    assert.equal(status, 200)
    assert.equal(body.data.build_number, 900)
  })

  it('is not found by another id', async () => {
    const { status, body } = await liWei.get('/builds/2147483647')
    assert.equal(status, 404)
    assert.equal(body.code, 'build_not_found')
  })

  it('has an id that is a whole number', async () => {
    for (const id of ['x', '0', '-1', '1.5', '1e0', '0x1', '2147483648', '9'.repeat(300), '%201', '%00']) {
      const { status, body } = await liWei.get(`/builds/${id}`)
      assert.equal(status, 400, id)
      assert.equal(body.details[0].path, 'id')
    }
  })

  it('is the newest of its job', async () => {
    assert.equal((await liWei.get('/builds/job/CDN%2FCore/latest')).body.data.build_number, 25)
    assert.equal((await liWei.get('/builds/job/CDN/Core/latest')).body.data.build_number, 25)
    const { status, body } = await liWei.get('/builds/job/nobody/latest')
    assert.equal(status, 404)
    assert.equal(body.code, 'job_without_builds')
  })
})

describe('jobs', () => {
  it('are listed A to Z, also those that an admin added', async () => {
    for (const job_name of ['zeta', 'Alpha', '作业', 'build 10', 'build 9']) {
      const { status, body } = await admin.post('/builds/job-names', { job_name })
      assert.equal(status, 201)
      assert.equal(body.job_name, job_name)
      assert.equal(typeof body.message, 'string')
    }
    const { body } = await liWei.get('/builds/job-names')
    assert.deepEqual(body, {
      data: ['Alpha', 'build 9', 'build 10', 'CDN/Core', 'CDN/Edge', 'zeta', '作业'],
    })
  })

  it('are added once', async () => {
    const { status, body } = await admin.post('/builds/job-names', { job_name: ' zeta ' })
    assert.equal(status, 409)
    assert.equal(body.code, 'job_exists')
    assert.match(body.error, /zeta/)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => admin.post('/builds/job-names', { job_name: 'at once' })),
    )
    assert.deepEqual(answers.map(answer => answer.status).sort(), [201, 409, 409, 409, 409])
  })
})

describe('a job with a strange name works in every URL', () => {
  const names = [
    '<b>"x"</b>',
    '作业 A/B',
    'a%2Fb',
    '..',
    '.',
    'a/../b',
    'a?b#c&d=e+f',
    '😀',
    "it's",
    'a//b',
    'C:\\x',
  ]
  names.push(
    'latest',
    'x/latest',
    'job-names',
    'auto-sync',
    'x/history',
    'x/sync',
    '__proto__',
    'constructor',
  )

  for (const [index, name] of names.entries()) {
    it(name, async () => {
      const number = 1000 + index
      assert.equal((await announce(name, number)).status, 201)
      const get = async (path: string) => {
        const headers = { authorization: `Bearer ${liWei.token}` }
        const { status, text } = await rawRequest(world.url, { path: `/api/v1${path}`, headers })
        assert.equal(status, 200, `${path}: ${text}`)
        return JSON.parse(text)
      }
      const encoded = encodeURIComponent(name)
      assert.deepEqual(numbers(await get(`/builds?job_name=${encoded}`)), [number])
      assert.deepEqual(numbers(await get(`/builds/job/${encoded}`)), [number])
      assert.equal((await get(`/builds/job/${encoded}/latest`)).data.job_name, name)
      assert.equal((await get(`/job-versions/${encoded}`)).job_name, name)
      assert.equal((await get(`/job-versions/${encoded}/history`)).data[0].build.job_name, name)
      assert.ok((await get('/builds/job-names')).data.includes(name))
    })
  }

  it('and with plain slashes', async () => {
    const name = 'CDN/Core/main build'
    await announce(name, 7)
    const plain = 'CDN/Core/main%20build'
    assert.equal((await liWei.get(`/job-versions/${plain}`)).body.job_name, name)
    assert.equal((await liWei.get(`/job-versions/${plain}/history`)).body.total, 1)
    assert.equal((await liWei.post(`/job-versions/${plain}/sync`)).body.job_name, name)
    assert.equal((await admin.delete(`/job-versions/${plain}`)).status, 200)
    assert.equal((await admin.delete(`/builds/job-names/${plain}`)).body.job_name, name)
    assert.equal((await liWei.get(`/builds/job/${plain}`)).body.total, 0)
  })

  it('but for characters that no name has', async () => {
    for (const path of [
      '/builds/job/%00',
      '/builds?job_name=a%00',
      '/job-versions/a%0Ab',
      '/builds/job/%00/latest',
    ]) {
      const { status, body } = await liWei.get(path)
      assert.equal(status, 400, path)
      assert.equal(body.details[0].path, 'job_name')
    }
  })
})
