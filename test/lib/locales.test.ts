import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const namespaces = readdirSync(new URL('src/locales/en/', root))

/** Keys with dots, plural endings left off, each with its sentences. */
function sentencesOf(locale: string, file: string): Map<string, string[]> {
  const sentences = new Map<string, string[]>()
  const walk = (node: object, path: string[]): void => {
    for (const [name, value] of Object.entries(node)) {
      if (typeof value === 'object') walk(value, [...path, name])
      else {
        const key = [...path, name].join('.').replace(/_(one|other)$/, '')
        sentences.set(key, [...(sentences.get(key) ?? []), value])
      }
    }
  }
  walk(JSON.parse(read(`src/locales/${locale}/${file}`)), [])
  return sentences
}

const placesIn = (sentences: string[] = []) =>
  [
    ...new Set(sentences.flatMap(sentence => [...sentence.matchAll(/{{(\w+)}}/g)].map(found => found[1]))),
  ].sort()

for (const file of namespaces) {
  test(`${file} says the same in both languages`, () => {
    const english = sentencesOf('en', file)
    const chinese = sentencesOf('zh-CN', file)
    assert.deepEqual([...chinese.keys()].sort(), [...english.keys()].sort())
    for (const [key, sentences] of english) {
      assert.deepEqual(
        placesIn(chinese.get(key)),
        placesIn(sentences),
        `${file}: ${key} fills in other values`,
      )
    }
  })
}

test('no sentence of the pages is left over', () => {
  const files = [
    ...globSync('views/**/*.eta', { cwd: root }),
    ...globSync('src/**/*.ts', { cwd: root, exclude: path => path.includes('generated') }),
  ]
  const code = files.map(read).join('\n')
  // A key that is put together: 'state.' + word, `pages:problem.${key}`.
  const beginnings = [
    ...code.matchAll(/'([a-z_.]+[._])' \+/g),
    ...code.matchAll(/`pages:([a-z_.]+\.)\${/g),
  ].map(found => found[1] ?? '')
  const leftOver = [...sentencesOf('en', 'pages.json').keys()].filter(
    key =>
      !code.includes(`'${key}'`) &&
      !code.includes(`'pages:${key}'`) &&
      !beginnings.some(beginning => key.startsWith(beginning)),
  )
  assert.deepEqual(leftOver, [])
})
