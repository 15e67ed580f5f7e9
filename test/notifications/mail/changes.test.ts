import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderRunMail } from '../../../src/notifications/mail/run-mail.ts'
import { viewOf } from '../../../src/notifications/mail/run-view.ts'
import type { RunFacts } from '../../../src/notifications/run-facts.ts'
import { liWeisRun, withFigures } from './runs.ts'

type Changes = NonNullable<RunFacts['changes']>

const named = (name: string, message: string | null = null) => ({ name, suite: 'live', message })

/** The mail of a run in which this has become of the tests. */
function mailOf(changes: Partial<Changes>, locale: 'en' | 'zh-CN' = 'en') {
  const none = { compared: true, failures: [], stillFailing: 0, fixed: 0 }
  return renderRunMail({ ...withFigures({ failed: 3 }), changes: { ...none, ...changes } }, locale)
}

test('new failures are named with what they say, the rest is counted', async () => {
  const changes = {
    failures: [named('test_seek', 'AssertionError:\n404 is not 200'), named('test_hls')],
    ...{ stillFailing: 1, fixed: 1200 },
  }
  const { text, html } = await mailOf(changes)
  assert.match(
    text,
    /2 tests fail that did not before\n- live › test_seek\n- live › test_hls\n1 still fails · 1,200 fixed\n/,
  )
  assert.match(html, />test_seek<.*>live<.*>AssertionError: 404 is not 200<.*>test_hls</s)
  assert.match(html, />1 still fails · 1,200 fixed</)
  assert.match(
    (await mailOf(changes, 'zh-CN')).text,
    /2 个测试新失败\n.*\n.*\n1 个仍然失败 · 1,200 个已修复\n/,
  )
})

test('of many new failures twenty are named', async () => {
  const failures = Array.from({ length: 1025 }, (_, i) => named(`t${i}`, 'x'.repeat(2000)))
  const { text, html } = await mailOf({ failures })
  assert.match(text, /- live › t19\nand 1,005 more\n/)
  assert.doesNotMatch(html, />t20</)
  assert.ok(html.length < 40_000, `${html.length}`)
})

test('without a run to compare with, nothing is called new', async () => {
  const { text } = await mailOf({ compared: false, failures: [named('test_seek')] })
  assert.match(text, /1 test fails\n- live › test_seek\n/)
})

test('that nothing new fails is worth a line only where something did before', async () => {
  assert.match((await mailOf({ fixed: 2 })).text, /No test fails that did not before\n2 fixed\n/)
  const silent = await renderRunMail(liWeisRun(), 'en')
  assert.equal((await mailOf({})).text, (await renderRunMail(withFigures({ failed: 3 }), 'en')).text)
  assert.doesNotMatch(silent.text, /before/)
})

test('what a test is called and says is text, never markup', async () => {
  const evil = '<img src=x onerror="alert(1)">\u0000\r\nBcc: eve@example.com'
  const { html, text } = await mailOf({ failures: [{ name: evil, suite: evil, message: evil }] })
  assert.doesNotMatch(html, /<img src=x/)
  assert.match(text, /- <img src=x onerror="alert\(1\)"> Bcc/)
})

test('what mail programs show beside the subject is not cut within a character', () => {
  for (const start of ['', 'x']) {
    const item = { name: `${start}${'😀'.repeat(150)}`, description: null }
    assert.ok(viewOf(liWeisRun({ item }), 'en').preheader.isWellFormed())
  }
})
