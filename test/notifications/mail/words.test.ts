import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const sentences = (locale: string, namespace: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../src/locales/${locale}/${namespace}.json`, import.meta.url), 'utf8'),
  )

/** `path → the names it puts in`; Chinese has no singular. */
function flat(value: object, path = ''): [string, string[]][] {
  return Object.entries(value).flatMap(([key, part]): [string, string[]][] => {
    if (typeof part !== 'string') return flat(part, `${path}${key}.`)
    if (key.endsWith('_one')) return []
    const names = [...part.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '')
    return [[path + key, [...new Set(names)].sort()]]
  })
}

for (const namespace of ['mail', 'report', 'smtp']) {
  test(`${namespace}: both languages say the same`, () => {
    const chinese = Object.fromEntries(flat(sentences('zh-CN', namespace)))
    const english = Object.fromEntries(flat(sentences('en', namespace)))
    assert.deepEqual(chinese, english)
  })
}
