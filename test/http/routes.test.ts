import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAccessDeclared, scopesFor, type Who } from '../../src/http/access.ts'
import { API, PAGES } from '../../src/routes.ts'

test('a route that does not say who may call it stops the start, by name', () => {
  checkAccessDeclared([...API, ...PAGES])
  for (const who of [undefined, '', 'everyone', 'toString'])
    assert.throws(() => checkAccessDeclared([['GET', '/secrets', who as Who]]), /GET \/secrets/)
})

test('a token reads what users read, and changes only what its scope names', () => {
  assert.deepEqual(scopesFor('GET', 'user'), ['read', 'trigger', 'admin'])
  assert.deepEqual(scopesFor('POST', 'user'), ['admin'])
  for (const [method, path, who] of API) {
    const scopes = scopesFor(method, who)
    if (scopes.includes('webhook'))
      assert.ok(['public', 'webhook', 'announcer', 'upload'].includes(who), path)
    if (path.startsWith('/tokens')) assert.deepEqual(scopes, [])
  }
})
