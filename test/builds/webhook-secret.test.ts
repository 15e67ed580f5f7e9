import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { coreBuild, startWorld } from '../world/index.ts'

const SECRET = 'jenkins knows it'
const world = await startWorld({ env: { ROLE: 'web', WEBHOOK_TOKEN: SECRET } })

const sign = (body: string, secret = SECRET) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const announce = (body: string, headers: Record<string, string>) =>
  world.anyone.call('POST', '/builds', body, headers)

describe('where a secret is set, a build is taken from who', () => {
  const body = JSON.stringify(coreBuild(101, { BUILD_USER: '王芳' }))
  for (const [how, headers] of [
    ['sends it as bearer', { authorization: `Bearer ${SECRET}` }],
    ['sends it as X-Crat-Token', { 'x-crat-token': SECRET }],
    ['signs the body with it', { 'x-hub-signature-256': sign(body) }],
    ['sends it beside a wrong signature', { 'x-crat-token': SECRET, 'x-hub-signature-256': 'sha256=0' }],
  ] as const) {
    it(how, async () => {
      const answer = await announce(body, headers)
      assert.ok(answer.status < 300, answer.body.error)
    })
  }

  it('is already logged in only if they know the secret, too', async () => {
    assert.equal((await world.admin.post('/builds', coreBuild())).status, 401)
  })
})

describe('it is refused from who', () => {
  const body = JSON.stringify(coreBuild(666))
  for (const [how, headers] of [
    ['sends nothing', {}],
    ['sends another bearer', { authorization: 'Bearer jenkins' }],
    ['sends a longer one', { authorization: `Bearer ${SECRET}x` }],
    ['sends it as a password', { authorization: `Basic ${btoa(`jenkins:${SECRET}`)}` }],
    ['sends another token', { 'x-crat-token': 'jenkins' }],
    ['sends an empty token', { 'x-crat-token': '' }],
    ['signs with another secret', { 'x-hub-signature-256': sign(body, 'another') }],
    ['signs another body', { 'x-hub-signature-256': sign(`${body} `) }],
    ['leaves the algorithm out', { 'x-hub-signature-256': sign(body).slice('sha256='.length) }],
  ] as const) {
    it(how, async () => {
      const answer = await announce(body, headers)
      assert.equal(answer.status, 401)
      assert.equal(answer.body.code, 'webhook_secret')
      assert.match(answer.body.error, /X-Hub-Signature-256/)
      assert.ok(!JSON.stringify(answer.body).includes(SECRET))
    })
  }

  it('and nothing of it is stored', async () => {
    const { body } = await world.liWei.get('/builds')
    assert.deepEqual(
      body.data.map((build: { build_number: number }) => build.build_number),
      [101],
    )
  })
})
