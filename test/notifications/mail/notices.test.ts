import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOCALES } from '../../../src/lib/i18n.ts'
import {
  renderFailedLoginsMail,
  renderLoginLinkMail,
  renderTestMail,
} from '../../../src/notifications/mail/notices.ts'

const LOGIN = { url: 'http://crat.example.com/login/link?token=a&next=%2F', minutes: 15, project: 'CRAT' }

test('the login mail has the link, how long it is good for, and what to do if it was not asked for', () => {
  const { subject, html, text } = renderLoginLinkMail('en', LOGIN)
  assert.equal(subject, 'Log in · CRAT')
  assert.ok(html.includes('href="http://crat.example.com/login/link?token=a&amp;next=%2F"'))
  assert.ok(text.includes(`\n${LOGIN.url}\n`))
  assert.match(text, /15 minutes/)
  assert.match(text, /do nothing/)
  assert.match(renderLoginLinkMail('en', { ...LOGIN, minutes: 1 }).text, /1 minute\./)
})

test('the test mail says that mail works', () => {
  const { html, text } = renderTestMail('en', { project: 'CRAT', url: 'http://crat.example.com/' })
  assert.match(html, /Mail works/)
  assert.match(text, /http:\/\/crat\.example\.com\//)
})

test('a mail that admins did not ask for is in both languages', () => {
  const url = 'http://crat.example.com/settings/audit'
  const mail = renderFailedLoginsMail({ project: 'CRAT', url, account: '<b>admin</b>', ip: '10.0.0.66' })
  assert.match(mail.subject, /Logins that failed again and again · CRAT \/ 多次登录失败/)
  for (const text of [mail.text, mail.html]) {
    assert.match(text, /the last one from 10\.0\.0\.66/)
    assert.match(text, /最近一次来自 10\.0\.0\.66/)
  }
  assert.match(mail.html, /lang="en".*lang="zh-CN"/s)
  assert.doesNotMatch(mail.html, /<b>admin/)
})

test('a project name is text in every language, and no line of the header', () => {
  for (const locale of LOCALES) {
    const mail = renderTestMail(locale, {
      project: '<b>x</b>\r\nBcc: eve@example.com',
      url: 'javascript:alert(1)',
    })
    assert.doesNotMatch(mail.html, /<b>|href="javascript/)
    assert.doesNotMatch(mail.subject, /\p{Cc}/u)
  }
})
