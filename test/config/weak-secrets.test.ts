import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError, readConfig } from '../../src/config.ts'
import { startServer } from './server-process.ts'

const WEAK: Record<string, string[]> = {
  ADMIN_PASSWD: [
    'admin',
    'password',
    'changeme',
    'correct horse',
    'Admin-Password-2026',
    'short',
    'aaaaaaaaaaaab',
  ],
  JWT_SECRET: ['secret', 'only for tests, only for tests', 'a'.repeat(64), '123456'.repeat(8), 'x7Kp2vQm9'],
  WEBHOOK_TOKEN: ['a-long-random-text', 'only for the webhook', 'webhook-token-webhook-token', 'x7Kp2vQm9'],
}

function refusalOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.lines
  }
}

describe('a weak secret', () => {
  for (const [name, values] of Object.entries(WEAK))
    it(`${name} is refused, and not printed`, () => {
      for (const value of values) {
        const [line = '', ...more] = refusalOf({ [name]: value })
        assert.match(line, new RegExp(`^${name}: must .+ALLOW_WEAK_SECRETS=true`), value)
        assert.deepEqual(more, [])
        assert.ok(!line.includes(value), line)
      }
    })

  it('passes where ALLOW_WEAK_SECRETS says so', () => {
    const env = Object.fromEntries(Object.entries(WEAK).map(([name, [value = '']]) => [name, value]))
    assert.deepEqual(refusalOf({ ...env, ALLOW_WEAK_SECRETS: 'true' }), [])
  })

  it('stops the start, each with a line', async () => {
    const server = await startServer({
      ADMIN_PASSWD: 'admin',
      JWT_SECRET: 'secret',
      WEBHOOK_TOKEN: 'changeme',
    })
    const { status, stderr } = await server.ended()
    assert.equal(status, 1)
    assert.deepEqual(
      stderr
        .trim()
        .split('\n')
        .map(line => line.split(':')[0]),
      ['ADMIN_PASSWD', 'JWT_SECRET', 'WEBHOOK_TOKEN'],
    )
  })
})

it('a good one is taken', () => {
  const random = 'fe1d7c0a94b6385e2f1a7d90c4b85e63'
  const env = { ADMIN_PASSWD: 'four-quiet-otters', JWT_SECRET: random, WEBHOOK_TOKEN: random.slice(16) }
  assert.deepEqual(refusalOf(env), [])
})
