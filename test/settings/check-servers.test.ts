import assert from 'node:assert/strict'
import test from 'node:test'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { ADMIN_PASSWORD, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()
const { packageServer, testServer } = world.neighbours
const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
await world.buildCore(101)

const said = (html: string) =>
  /role="alert">.*?<span>([^<]*)<\/span>/s.exec(html)?.[1]?.replaceAll(/[\d,]+ ms/g, 'n ms')

const check = async (key: string, url: string) =>
  (await admin.submit('/settings/check', { check: key, [key]: url })).html

test('each server in the settings is asked by its button, before anything is saved', async () => {
  await admin.open('/settings')
  const listing = said(await check('package_download_base_url', packageServer.url))
  assert.equal(listing, 'Answered within n ms. Its listing can be read.')
  assert.equal(said(await check('external_test_server_url', testServer.url)), 'Answered within n ms.')
  assert.equal(said(await check('package_build_info_base_url', packageServer.url)), 'Answered within n ms.')
  const { body } = await world.admin.get('/settings/package_build_info_base_url')
  assert.equal(body.data.value, '')
})

test('what is wrong is said in words, and what was typed stays', async () => {
  const html = await check('package_download_base_url', 'http://127.0.0.1:9')
  assert.match(said(html) ?? '', /^After n ms: 127\.0\.0\.1:9 refused the connection/)
  assert.match(html, /value="http:\/\/127\.0\.0\.1:9"/)
  const missing = said(await check('package_download_base_url', `${packageServer.url}/nowhere`))
  assert.match(missing ?? '', /404/)
  const link = said(await check('package_build_info_base_url', 'http://169.254.169.254/latest'))
  assert.match(link ?? '', /link-local/)
  const wrong = await admin.submit('/settings/check', {
    check: 'package_download_base_url',
    package_download_base_url: 'ftp://x',
  })
  assert.equal(wrong.status, 400)
  assert.equal((await admin.submit('/settings/check', { check: 'project_name' })).status, 400)
})

test('a check is written down, without a password', async () => {
  await check('package_build_info_base_url', packageServer.url.replace('://', '://jenkins:secret@'))
  const { data } = (await world.admin.get('/audit?action=check%20server')).body
  assert.equal(data[0].subject, 'package_build_info_base_url')
  assert.equal(data[0].actor, ZHANG_HUA)
  assert.equal(data[0].after.reachable, true)
  assert.doesNotMatch(JSON.stringify(data), /secret/)
})

test('the mail server is asked too', async () => {
  await admin.open('/settings/mail')
  const { html } = await admin.submit('/settings/mail/check')
  assert.match(html, /127\.0\.0\.1:\d+ answered and takes mails, within \d+ ms\./)
})
