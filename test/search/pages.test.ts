import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peopleOf } from '../../src/http/access.ts'
import { PAGES } from '../../src/routes.ts'
import { KNOWN_PAGES } from '../../src/search/find-pages.ts'

test('who finds a page may open it', () => {
  for (const { path, forAdmins } of KNOWN_PAGES) {
    const who = PAGES.find(([method, route]) => method === 'GET' && route === path)?.[2]
    assert.ok(who, `there is no page ${path}`)
    assert.equal(peopleOf(who), forAdmins ? 'admins' : 'users', path)
  }
})
