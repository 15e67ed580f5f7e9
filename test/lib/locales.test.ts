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
        const key = [...path, name].join('.').replace(/_(zero|one|other)$/, '')
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

/** Chinese has one form for every number. */
test('plurals are those of the language', () => {
  for (const file of namespaces) {
    for (const [locale, forms] of [
      ['en', ['one', 'other']],
      ['zh-CN', ['other']],
    ] as const) {
      const plurals = pluralsOf(locale, file)
      for (const [key, found] of plurals) assert.deepEqual(found.sort(), forms, `${locale}/${file}: ${key}`)
    }
    assert.deepEqual(
      [...pluralsOf('zh-CN', file).keys()].sort(),
      [...pluralsOf('en', file).keys()].sort(),
      file,
    )
  }
})

/** Keys that have a plural form, with the forms that are there. */
function pluralsOf(locale: string, file: string): Map<string, string[]> {
  const plurals = new Map<string, string[]>()
  const walk = (node: object, path: string): void => {
    for (const [name, value] of Object.entries(node)) {
      const [, stem, form] = /^(.*)_(one|two|few|many|other)$/.exec(name) ?? []
      if (typeof value === 'object') walk(value, `${path}${name}.`)
      else if (stem && form) plurals.set(path + stem, [...(plurals.get(path + stem) ?? []), form])
    }
  }
  walk(JSON.parse(read(`src/locales/${locale}/${file}`)), '')
  return plurals
}

/** Everything that may name a key. */
const code = globSync('{views,src,public}/**/*.{eta,ts,js}', {
  cwd: root,
  exclude: path => /generated|vendor/.test(path),
})
  .map(read)
  .join('\n')

/** Beginnings of keys whose end is a value, by namespace. */
const beginnings = [
  // `t('state.' + word)`, `pages:problem.${key}`
  ...[...code.matchAll(/'(?:([a-z-]+):)?([a-z_.]+[._])' \+/g)],
  ...[...code.matchAll(/`([a-z-]+):([a-z_.]*[._])\${/g)],
]
  .map(([, namespace = 'pages', beginning = '']) => `${namespace}:${beginning}`)
  .concat('test-server:task_failed', 'test-server:deploy_failed')
  .concat(['subject', 'headline', 'fact', 'changes', 'step', 'in_step'].map(group => `mail:${group}.`))

/** A quoted word, as it is or behind its namespace; mails and pages leave theirs out, errors of a room too. */
const words = new Set([...code.matchAll(/['"`]((?:[a-z-]+:)?[\w.]+)['"`]/g)].map(([, word = '']) => word))

for (const file of namespaces) {
  test(`no sentence of ${file} is left over`, () => {
    const namespace = file.replace('.json', '')
    const leftOver = [...sentencesOf('en', file).keys()].filter(
      key =>
        !words.has(key) &&
        !words.has(`${namespace}:${key}`) &&
        !beginnings.some(beginning => `${namespace}:${key}`.startsWith(beginning)),
    )
    assert.deepEqual(leftOver, [])
  })
}

test('every sentence that is asked for is there', () => {
  const known = new Set(
    namespaces.flatMap(file =>
      [...sentencesOf('en', file).keys()].map(key => `${file.replace('.json', '')}:${key}`),
    ),
  )
  const rooms = new Set(namespaces.map(file => file.replace('.json', '')))
  const asked = [
    ...[...words].filter(word => /^[a-z-]+:\w.*[^._]$/.test(word) && rooms.has(word.split(':')[0] ?? '')),
    ...globSync('views/{layouts,pages,partials}/*.eta', { cwd: root }).flatMap(path =>
      [...read(path).matchAll(/\bt\('([\w.]+)'[,)]/g)].map(([, key]) => `pages:${key}`),
    ),
  ]
  assert.deepEqual(
    asked.filter(key => !known.has(key)),
    [],
  )
})
