import assert from 'node:assert/strict'
import test from 'node:test'
import { AppError } from '../../src/lib/errors.ts'
import { protect, reseal } from '../../src/lib/protect.ts'
import { createSealer } from '../../src/lib/sealer.ts'
import { MASK, masked } from '../../src/lib/secrets.ts'

const sealer = createSealer(['the secret of this server'])

test('what a name or an address says is secret is sealed, the rest stays as it is', () => {
  const input = {
    install_dir: '/opt/cds',
    db_password: 'hunter2',
    api_key: 5,
    token: '',
    use_token: true,
    base_url: 'http://li:s%40me@10.8.24.59/x',
    hosts: [{ name: 'a', secret: { deep: ['x'] } }, 'postgres://crat:pw1234@db/crat'],
  }
  const sealed = protect(sealer, input)
  const text = JSON.stringify(sealed)
  for (const secret of ['hunter2', 's%40me', 'li:', 'pw1234', 'deep'])
    assert.ok(!text.includes(secret), secret)
  assert.deepEqual(sealer.open(sealed), input)
  assert.deepEqual(masked(sealed), {
    install_dir: '/opt/cds',
    db_password: MASK,
    api_key: MASK,
    token: '',
    use_token: true,
    base_url: `http://${MASK}@10.8.24.59/x`,
    hosts: [{ name: 'a', secret: MASK }, `postgres://${MASK}@db/crat`],
  })
  assert.deepEqual(masked(input), masked(sealed), 'also what was stored before it was sealed')
})

test('the masked value written back keeps the stored one', () => {
  const input = { password: 'hunter2', base_url: 'http://li:pw@host/', more: { list: [{ token: 'abc' }] } }
  const stored = protect(sealer, input)
  assert.deepEqual(protect(sealer, masked(stored), { stored }), stored)
  assert.deepEqual(protect(sealer, input, { stored }), stored, 'so does the same secret, typed again')
  const changed = protect(sealer, { ...masked(stored), password: 'other' }, { stored })
  assert.equal(sealer.open(changed).password, 'other')
  assert.equal(changed.base_url, stored.base_url)
})

test('a mask that stands for nothing is refused, and a password stays with its host', () => {
  const stored = protect(sealer, { password: 'hunter2', url: 'http://li:pw@host:81/' })
  for (const [input, path] of [
    [{ install_dir: MASK }, 'install_dir'],
    [{ more: { password: MASK } }, 'more.password'],
    [{ url: `http://${MASK}@evil.example.com/` }, 'url'],
    [{ url: `http://${MASK}@host/` }, 'url'],
    [{ password: `http://${MASK}@host:81/`, url: [MASK] }, 'url.0'],
  ] as const) {
    assert.throws(
      () => protect(sealer, input, { stored }),
      (error: AppError) => error.status === 400 && error.details[0]?.path === path,
    )
  }
})

test('a value that looks sealed was typed, and opens to what was typed', () => {
  const stored = protect(sealer, { password: 'hunter2' })
  const typed = { install_dir: stored.password, test_path: 'sealed.v1.AAAA', url: 'http://sealed.v1.AA@h/' }
  assert.deepEqual(sealer.open(protect(sealer, typed)), typed)
})

test('what was sealed with a previous secret is read and sealed anew; with a lost one it is an error', () => {
  const old = createSealer(['old'])
  const stored = protect(old, { password: 'hunter2' })
  const rotated = createSealer(['new', 'old'])
  assert.deepEqual(rotated.open(stored), { password: 'hunter2' })
  assert.deepEqual([rotated.isCurrent(stored), rotated.canOpen(stored)], [false, true])
  const lost = createSealer(['new'])
  assert.equal(lost.canOpen(stored), false)
  assert.throws(() => lost.open(stored), { key: 'errors:sealed_with_other_secret' })
  const typed = protect(lost, { password: 'again' }, { stored })
  assert.deepEqual(lost.open(typed), { password: 'again' })
  assert.notEqual(sealer.seal('x'), sealer.seal('x'))
  const [head, tail] = [stored.password.slice(0, -1), stored.password.at(-1) === 'A' ? 'B' : 'A']
  assert.equal(old.canOpen(head + tail) && old.open(head + tail) !== 'hunter2', false, 'authenticated')
})

test('what was stored as plain text is sealed whole, masks that were typed stay', () => {
  const plain = { db_password: 'hunter2', url: 'http://li:pw@host/', note: MASK, marked: 'by-hand' }
  const sealed = reseal(sealer, plain, ['marked'])
  assert.doesNotMatch(JSON.stringify(sealed), /hunter2|li:pw|by-hand/)
  assert.deepEqual(sealer.open(sealed), plain)
  assert.deepEqual(reseal(sealer, sealed), sealed)
})

test('an error shows no password of an address', () => {
  const error = new AppError('http:failed', { url: 'http://li:pw@host/', reason: 'see https://a:b@c/d' })
  assert.doesNotMatch(`${error.message} ${JSON.stringify(error.params)}`, /li:pw|a:b/)
})

test('masking takes no longer than the text is long', () => {
  const started = performance.now()
  for (const piece of ['://', '://a', 'sealed.v1.', 'a@', '://a@', 'http:']) masked(piece.repeat(100_000))
  assert.ok(performance.now() - started < 2_000)
})
