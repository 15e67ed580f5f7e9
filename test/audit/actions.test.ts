import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { AUDIT_ACTIONS } from '../../src/audit/audit.ts'
import { LOCALES } from '../../src/lib/i18n.ts'

for (const locale of LOCALES)
  test(`every audited action has its words in ${locale}`, () => {
    const pages = JSON.parse(
      readFileSync(new URL(`../../src/locales/${locale}/pages.json`, import.meta.url), 'utf8'),
    )
    const keys = AUDIT_ACTIONS.map(action => action.replace(/[^a-z]/g, '_'))
    assert.deepEqual(Object.keys(pages.audit.action).sort(), keys.sort())
  })
