import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readUploadedResults } from '../../../src/external/report/upload/index.ts'
import type { AppError } from '../../../src/lib/errors.ts'
import { type Packed, tgzOf, zipOf } from './archives.ts'

const folder = await mkdtemp(join(tmpdir(), 'crat-upload-'))
after(() => rm(folder, { recursive: true }))
let files = 0

async function read(content: Buffer | string) {
  files += 1
  const path = join(folder, `${files}`)
  await writeFile(path, content)
  return readUploadedResults(path)
}

const START = 1_748_487_222_908
const result = (name: string, status: string, more: object = {}) =>
  JSON.stringify({
    ...{ uuid: name, name, fullName: `live#${name}`, status, labels: [{ name: 'suite', value: 'live' }] },
    ...{ start: START, stop: START + 1_500, statusDetails: { message: `${name} broke`, trace: 'at line 3' } },
    ...more,
  })

const RESULTS: Packed[] = [
  { name: 'allure-results/' },
  { name: 'allure-results/1-result.json', body: result('seek', 'passed') },
  { name: 'allure-results/2-result.json', body: result('hls', 'failed') },
  { name: 'allure-results/3-result.json', body: result('dash', 'failed') },
  {
    name: 'allure-results/4-result.json',
    body: result('dash', 'passed', { start: START + 2_000, stop: START + 3_000 }),
  },
  { name: 'allure-results/5-container.json', body: '{"children": []}' },
  { name: 'allure-results/a-attachment.txt', body: 'a log' },
]
const JUNIT = `<testsuite name="live"><testcase name="seek" time="1.5"/>
  <testcase name="hls"><failure message="404">at line 3</failure></testcase></testsuite>`

const manyIn = (name: string) => ({ name, body: `<testsuite>${'<testcase/>'.repeat(26_000)}</testsuite>` })

describe('results of Allure', () => {
  for (const [kind, pack] of [
    ['zip', zipOf],
    ['tgz', tgzOf],
  ] as const)
    it(`are read from a .${kind}, the last attempt of each test`, async () => {
      const { format, summary, tests } = await read(pack(RESULTS))
      assert.equal(format, 'allure-results')
      assert.deepEqual([summary.passed, summary.failed, summary.total], [2, 1, 3])
      assert.equal(summary.duration_ms, 3_000)
      assert.deepEqual(
        tests.map(({ name, suite, status, retries, flaky }) => [name, suite, status, retries, flaky]),
        [
          ['seek', 'live', 'passed', 0, false],
          ['hls', 'live', 'failed', 0, false],
          ['dash', 'live', 'passed', 1, true],
        ],
      )
      assert.deepEqual([tests[1]?.message, tests[1]?.trace], ['hls broke', 'at line 3'])
    })

  it('have the ids that Allure 3 gives them in its reports', async () => {
    const { tests } = await read(zipOf(RESULTS))
    assert.equal(tests[0]?.id, '15296506fe0a1ab25a70f5ea41282a88.d41d8cd98f00b204e9800998ecf8427e')
  })
})

describe('JUnit XML', () => {
  it('is read as it is, and from an archive', async () => {
    for (const content of [JUNIT, zipOf([{ name: 'out/TEST-live.xml', body: JUNIT }])]) {
      const { format, summary, tests } = await read(content)
      assert.equal(format, 'junit')
      assert.deepEqual([summary.passed, summary.failed], [1, 1])
      assert.equal(tests[1]?.message, '404')
    }
  })
})

describe('a hostile or broken upload', () => {
  const REFUSED: [name: string, content: () => Buffer | string, code: string][] = [
    ['a path that leads out of a zip', () => zipOf([{ name: '../1-result.json', body: '{}' }]), 'path'],
    ['an absolute path in a zip', () => zipOf([{ name: '/etc/1-result.json', body: '{}' }]), 'path'],
    ['a path that leads out of a tgz', () => tgzOf([{ name: 'a/../../b.xml', body: JUNIT }]), 'path'],
    ['a link in a zip', () => zipOf([{ name: 'a-result.json', mode: 0o120777 }]), 'link'],
    ['a link in a tgz', () => tgzOf([{ name: 'a-result.json', mode: 0o120777 }]), 'link'],
    ['too many entries', () => zipOf(Array(50_001).fill({ name: '1' })), 'too_many_entries'],
    ['a zip that grows beyond measure', () => zipOf([{ name: 'a.txt', size: 4e9 }]), 'too_large_inside'],
    ['a result that is too large', () => zipOf([{ name: 'a-result.json', size: 9e7 }]), 'file_too_large'],
    [
      'an entry that is larger than it says',
      () => zipOf([{ name: 'a-result.json', body: 'no deflate', size: 3 }]),
      'broken',
    ],
    ['a zip that breaks off', () => zipOf(RESULTS).subarray(0, 900), 'broken'],
    ['a tgz that breaks off', () => tgzOf(RESULTS).subarray(0, 300), 'broken'],
    ['an archive without results', () => zipOf([{ name: 'README', body: 'hello' }]), 'nothing_inside'],
    ['anything else', () => 'hello', 'nothing_inside'],
    [
      'too many tests, at the file that exceeds the limit',
      () => zipOf([manyIn('1.xml'), manyIn('2.xml'), { name: 'link', mode: 0o120777 }]),
      'too_many_tests',
    ],
    ['a suite without tests', () => '<testsuite name="live"></testsuite>', 'no_tests'],
  ]
  for (const [name, content, code] of REFUSED)
    it(`${name} is refused`, async () => {
      await assert.rejects(read(content()), (error: AppError) => {
        assert.equal(error.code, code, error.message)
        assert.ok([400, 413].includes(error.status))
        return true
      })
    })
})
