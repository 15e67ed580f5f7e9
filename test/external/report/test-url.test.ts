import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReport } from '../../../src/external/report/index.ts'
import { testUrl } from '../../../src/external/report/test-url.ts'
import { ALLURE2, ALLURE3, filesOf, reportServer, singleFile } from './report-server.ts'

const urlsIn = async (address: string) => (await readReport(address)).tests?.map(({ url }) => url)

test('a failing test has the address at which its report shows it, others have none', async t => {
  const { url } = await reportServer(t, {
    ...filesOf('allure2-2.46.1', ALLURE2, '/two'),
    ...filesOf('allure3-3.18-awesome', ALLURE3, '/three'),
    ...filesOf('allure3-3.18-awesome', ALLURE3, '/several/awesome'),
    '/single.html': singleFile('allure2-2.46.1', ALLURE2, "'"),
  })
  const [seek2, hls2] = ['testresult/bd7d970b660b318c', 'testresult/8031ae025e607213']
  const [seek3, hls3] = ['5fc40e3d82ad411bde869e67cf231376', '9accf8e0a83ded4c9d4069faca5271d4']
  for (const [address, page, seek, hls] of [
    ['/two/index.html', '/two/', seek2, hls2],
    ['/three', '/three/', seek3, hls3],
    ['/several/', '/several/awesome/', seek3, hls3],
    ['/single.html', '/single.html', seek2, hls2],
  ] as const) {
    const expected = [undefined, `${url}${page}#${seek}`, `${url}${page}#${hls}`, undefined, undefined]
    assert.deepEqual(await urlsIn(url + address), expected, address)
  }
})

test('it tells neither user nor password', () => {
  const list = new URL('http://li:secret@reports.example/cds/data/suites.json')
  assert.equal(testUrl(list, 'data/test-cases/1.json'), 'http://reports.example/cds/#testresult/1')
  assert.equal(testUrl(list, null), null)
})
