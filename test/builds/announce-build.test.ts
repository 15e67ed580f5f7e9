import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { rawRequest } from '../http/raw-request.ts'
import { CORE, coreBuild, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { anyone: jenkins, liWei } = world

const announce = (more: Record<string, unknown> = {}) => jenkins.post('/builds', coreBuild(101, more))
const job = (name: string) => `/job-versions/${encodeURIComponent(name)}`

describe('curl announces a build as with CRAT 1.x', () => {
  const path = '/api/v1/builds'
  const curl = (body: string, headers: Record<string, string>) =>
    rawRequest(world.url, {
      ...{ method: 'POST', path, body },
      headers: { 'User-Agent': 'curl/7.88.1', Accept: '*/*', ...headers },
    })
  const body = (job: string) =>
    `{"BUILD_USER":"li.wei","JOB_NAME":"${job}","PACKAGE_PATH":"builds/${job}/101","BUILD_NUMBER":101}`

  for (const [how, headers] of [
    ['with the header', { 'Content-Type': 'application/json' }],
    ['without it, as a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['without any type', {}],
  ] as const) {
    it(how, async () => {
      const name = `curl ${how}`
      const answer = await curl(body(name), headers)

      assert.equal(answer.status, 201, answer.text)
      const { message, data } = JSON.parse(answer.text)
      assert.equal(typeof message, 'string')
      const { id, created_at, ...rest } = data
      assert.ok(Number.isInteger(id))
      assert.ok(Math.abs(Date.parse(created_at) - Date.now()) < 60_000, created_at)
      assert.deepEqual(rest, {
        job_name: name,
        build_number: 101,
        package_path: `builds/${name}/101`,
        build_user: 'li.wei',
        raw_data: JSON.parse(body(name)),
        has_package: null,
        package_checked_at: null,
      })
    })
  }

  it('gets the place where the JSON breaks that its shell has eaten the quotes of', async () => {
    const broken: [string, number, number][] = [
      ['{BUILD_USER:li.wei,JOB_NAME:CDN/Core}', 1, 2],
      ['{"JOB_NAME":CDN/Core}', 1, 13],
      ["{'JOB_NAME':'CDN/Core'}", 1, 2],
      ['{"JOB_NAME":"CDN/Core",\n "BUILD_NUMBER": 1,\n "PACKAGE_PATH":}', 3, 17],
      ['{"JOB_NAME":"CDN/Core"', 1, 23],
      ['{"JOB_NAME":"CDN/Core"} }', 1, 25],
      ['BUILD_NUMBER=1&JOB_NAME=x', 1, 1],
    ]
    for (const [text, line, column] of broken) {
      const answer = await curl(text, { 'Content-Type': 'application/json' })
      assert.equal(answer.status, 400, text)
      const { error, code } = JSON.parse(answer.text)
      assert.equal(code, 'broken_json')
      assert.match(error, new RegExp(`line ${line}, column ${column}, near «.+»`), text)
    }
  })

  it('may compress the body', async () => {
    const answer = await rawRequest(world.url, {
      ...{ method: 'POST', path, body: gzipSync(body('gzip')) },
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    })
    assert.equal(answer.status, 201, answer.text)
  })
})

describe('a build', () => {
  it('has the number of Jenkins, given as a number or as text', async () => {
    for (const BUILD_NUMBER of [7, '7', ' 007 ', 7.0]) {
      const { body } = await announce({ BUILD_NUMBER, JOB_NAME: `number ${typeof BUILD_NUMBER}` })
      assert.equal(body.data?.build_number, 7, JSON.stringify(body))
    }
    const largest = await announce({ BUILD_NUMBER: 2_147_483_647 })
    assert.equal(largest.status, 201)
    for (const BUILD_NUMBER of [
      0,
      -1,
      1.5,
      '1.5',
      '1e3',
      '0x1f',
      '',
      null,
      true,
      [1],
      2 ** 31,
      '9'.repeat(400),
    ]) {
      const { status, body } = await announce({ BUILD_NUMBER })
      assert.equal(status, 400, `${BUILD_NUMBER}`)
      assert.equal(body.details[0].path, 'BUILD_NUMBER')
    }
    const { status, body } = await jenkins.post(
      '/builds',
      '{"JOB_NAME":"a","PACKAGE_PATH":"b","BUILD_NUMBER":1e999}',
    )
    assert.equal(status, 400, body)
  })

  it('that nobody started belongs to None', async () => {
    const users = [
      [undefined, 'None'],
      [null, 'None'],
      ['', 'None'],
      ['  ', 'None'],
      ['王芳', '王芳'],
      ['li\0wei', 'liwei'],
      [`${'x'.repeat(254)}😀`, `${'x'.repeat(254)}\ufffd`],
    ]
    for (const [index, [BUILD_USER, stored]] of users.entries()) {
      const { status, body } = await announce({ BUILD_USER, BUILD_NUMBER: 200 + index })
      assert.ok(status < 300, body.error)
      assert.equal(body.data.build_user, stored)
    }
  })

  it('lies at a path below the package server, and nowhere else', async () => {
    for (const PACKAGE_PATH of [
      'a',
      '/a/b/',
      'a b/c',
      '作业/包',
      'a...b/..c',
      'x/cds.tgz',
      'a?b#c%20',
      '路'.repeat(500),
    ]) {
      const { status, body } = await announce({ PACKAGE_PATH })
      assert.equal(status, 201, PACKAGE_PATH)
      assert.equal(body.data.package_path, PACKAGE_PATH)
    }
    const refused = [
      '.',
      './x',
      'a/./b',
      'a/.',
      '%2e/a',
      'a/%2E%2fb',
      '..',
      '../a',
      'a/../b',
      'a/..',
      '/../a',
      '%2e%2e/a',
      'a%2F..%2Fb',
      'a/.%2E/b',
    ]
    refused.push('http://host/a', 'file:///a', 'C:/a', '//host/a', 'a\\b', '\\\\host\\a')
    refused.push('a\0b', 'a\nb', 'a\x7fb', 'a\u0085b', 'a\ud800b', '', '  ', '/', '///', '路'.repeat(501))
    for (const PACKAGE_PATH of refused) {
      const { status, body } = await announce({ PACKAGE_PATH })
      assert.equal(status, 400, JSON.stringify(PACKAGE_PATH))
      assert.equal(body.code, 'invalid_input')
      assert.equal(body.details[0].path, 'PACKAGE_PATH')
    }
  })

  it('belongs to a job with a name', async () => {
    for (const JOB_NAME of ['', '  ', 'a\nb', 'a\0', '\ud800', 'x'.repeat(256), 5, null, ['a']]) {
      const { status, body } = await announce({ JOB_NAME })
      assert.equal(status, 400, JSON.stringify(JOB_NAME))
      assert.equal(body.details[0].path, 'JOB_NAME')
    }
    const trimmed = await announce({ JOB_NAME: ' 作业 A/B ' })
    assert.equal(trimmed.body.data.job_name, '作业 A/B')
    const longest = await announce({ JOB_NAME: '😀'.repeat(127) })
    assert.equal(longest.status, 201)
  })

  it('that lacks fields is refused with the names of all of them', async () => {
    const { status, body } = await jenkins.post('/builds', {})
    assert.equal(status, 400)
    assert.match(body.error, /^JOB_NAME is missing; 2 more fields are wrong/)
    assert.deepEqual(
      body.details,
      ['JOB_NAME', 'PACKAGE_PATH', 'BUILD_NUMBER'].map(path => ({ path, message: 'is missing' })),
    )
  })

  it('keeps all that was sent', async () => {
    const text = `{"JOB_NAME":"raw","BUILD_NUMBER":"1","PACKAGE_PATH":"/p/","GIT_COMMIT":"c54239ed",
      "nested":{"a":[1,null,{"b":true}]},"constructor":"x","toString":null,"表情":"😀","nul":"a\\u0000\\ud800"}`
    const { status, body } = await jenkins.post('/builds', text)
    assert.equal(status, 201, body.error)
    const { data } = (await liWei.get(`/builds/${body.data.id}`)).body
    // PostgreSQL stores neither NUL nor half a character.
    assert.deepEqual(data.raw_data, JSON.parse(text.replace('\\u0000\\ud800', '\ufffd')))
  })

  it('takes no harm from the names of prototypes', async () => {
    const text = JSON.stringify(coreBuild(104)).replace('{', '{"__proto__":{"BUILD_USER":"mallory"},')
    const { status, body } = await jenkins.post('/builds', text)
    assert.equal(status, 201, body.error)
    assert.equal(body.data.build_user, 'jenkins')
    assert.equal(Object.hasOwn(Object.prototype, 'BUILD_USER'), false)
  })

  it('has at most 64 KiB', async () => {
    const body = (size: number) => {
      const empty = JSON.stringify(coreBuild(102, { LOG: '' }))
      return empty.replace('"LOG":""', `"LOG":"${'x'.repeat(size - empty.length)}"`)
    }
    assert.equal((await jenkins.post('/builds', body(65_536))).status, 201)
    const { status, body: answer } = await jenkins.post('/builds', body(65_537))
    assert.equal(status, 413)
    assert.equal(answer.code, 'too_large')
    assert.match(answer.error, /65536 bytes/)
    const bomb = await rawRequest(world.url, {
      ...{ method: 'POST', path: '/api/v1/builds', body: gzipSync(body(10_000_000)) },
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' },
    })
    assert.equal(bomb.status, 413)
  })

  it('is nested at most so deep that it can be stored', async () => {
    const nested = (levels: number) =>
      JSON.stringify(coreBuild(103)).replace('{', `{"DEEP":${'['.repeat(levels)}${']'.repeat(levels)},`)
    assert.equal((await jenkins.post('/builds', nested(99))).status, 201)
    const { status, body } = await jenkins.post('/builds', nested(20_000))
    assert.equal(status, 400)
    assert.equal(body.code, 'too_deep')
  })
})

describe('the same build again', () => {
  it('is the same build', async () => {
    const build = { JOB_NAME: 'again', BUILD_USER: 'jenkins' }
    const first = await announce(build)
    const second = await announce({ ...build, BUILD_USER: 'li.wei', MORE: 1 })

    assert.deepEqual([first.status, second.status], [201, 200])
    assert.deepEqual(second.body.data, first.body.data)
  })

  it('is another build with another number or path', async () => {
    const build = { JOB_NAME: 'others' }
    const answers = [
      await announce(build),
      await announce({ ...build, BUILD_NUMBER: 102 }),
      await announce({ ...build, PACKAGE_PATH: 'elsewhere' }),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    )
    assert.equal((await liWei.get('/builds/job/others')).body.total, 3)
  })

  it('twenty times at once is one build, selected once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => announce({ JOB_NAME: 'at once' })))

    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(19).fill(200), 201])
    assert.equal(new Set(answers.map(({ body }) => body.data.id)).size, 1)
    assert.equal((await liWei.get('/builds?job_name=at%20once')).body.total, 1)
    assert.equal((await liWei.get(`${job('at once')}/history`)).body.total, 1)
  })
})

describe('the first build of a new job', () => {
  it('is selected, with auto-sync on', async () => {
    const { body } = await announce({ JOB_NAME: 'new', BUILD_USER: 'li.wei' })
    const { body: version } = await liWei.get(job('new'))

    assert.equal(version.job_name, 'new')
    assert.deepEqual(version.selected_build, body.data)
    assert.equal(version.auto_sync_enabled, true)
    const history = (await liWei.get(`${job('new')}/history`)).body
    assert.equal(history.total, 1)
    assert.deepEqual(history.data[0], {
      ...{ build: body.data, selected_by: 'li.wei', reason: 'first' },
      selected_at: history.data[0].selected_at,
    })
  })

  it('stays selected when the next one comes', async () => {
    await announce({ JOB_NAME: 'next' })
    await announce({ JOB_NAME: 'next', BUILD_NUMBER: 102 })
    const { body } = await liWei.get(job('next'))
    assert.equal(body.selected_build.build_number, 101)
  })

  it('is one of those that come at once', async () => {
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1)
    await Promise.all(numbers.map(BUILD_NUMBER => announce({ JOB_NAME: 'race', BUILD_NUMBER })))

    const history = (await liWei.get(`${job('race')}/history`)).body
    assert.equal(history.total, 1)
    const { selected_build } = (await liWei.get(job('race'))).body
    assert.equal(selected_build.id, history.data[0].build.id)
    assert.equal((await liWei.get('/builds/job/race')).body.total, 10)
  })

  it('is selected in a job that an admin had added', async () => {
    assert.equal((await world.admin.post('/builds/job-names', { job_name: 'added' })).status, 201)
    await announce({ JOB_NAME: 'added' })
    assert.equal((await liWei.get(job('added'))).body.selected_build.build_number, 101)
  })
})

it(`needs no login, and shows ${CORE} to those who have one`, async () => {
  const { body } = await announce({ BUILD_NUMBER: 4711 })
  assert.equal((await jenkins.get(`/builds/${body.data.id}`)).status, 401)
  assert.deepEqual((await liWei.get(`/builds/${body.data.id}`)).body, { data: body.data })
})
