import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { definitions } from '../../src/settings/definitions.ts'
import { type Document, readDocument, readDocuments, root } from './markdown.ts'

const ENGLISH = readDocuments('README.md', 'docs/*.md')
const CHINESE = readDocuments('README.zh-CN.md', 'docs/zh-CN/*.md')
const GUIDES = [...ENGLISH, ...CHINESE, ...readDocuments('CHANGELOG.md', 'SECURITY.md')]
const ALL = [...GUIDES, ...readDocuments('CONTRIBUTING.md')]

/** Names like those of CRAT's environment variables which are not CRAT's. */
const FOREIGN_NAMES = [
  ...[
    'JOB_NAME',
    'BUILD_NUMBER',
    'BUILD_USER',
    'PACKAGE_PATH',
    'CALLBACK_URL',
    'CRAT_TOKEN',
    'CRAT_URL',
    'APPLICATION_JSON_UTF8',
  ],
  // Of CRAT 1.x.
  ...['SQL_MAX_IDLE_CONNS', 'SQL_MAX_LIFETIME'],
  ...['NODE_EXTRA_CA_CERTS', 'COMMIT_HASH', 'CHROMIUM_PATH', 'NODE_COMPILE_CACHE'],
  ...['CI_PROJECT_PATH', 'CI_PIPELINE_IID', 'GITLAB_USER_LOGIN'],
  ...['GITHUB_REPOSITORY', 'GITHUB_RUN_NUMBER', 'GITHUB_ACTOR'],
  ...['POSTGRES_PASSWORD', 'OTEL_TRACES_SAMPLER'],
  // Of the test server and of what it starts.
  ...['TEST_SERVER_TOKEN', 'SERVICE_NAME', 'SERVICE_URL', 'INSTALL_DIR', 'PACKAGE_FILE', 'UPGRADE_TYPE'],
  ...[
    'ALLURE_RESULTS_DIR',
    'JUNIT_DIR',
    'TEST_PATH',
    'TEST_ATTEMPT',
    'FAILED_TESTS',
    'SCRIPTS_DIR',
    'RUN_ID',
  ],
  ...['PARAMETERS_FILE', 'PARAM_NAME', 'PARAM_REGION', 'PEER_INDEX', 'PEER_COUNT', 'NETWORK_LATENCY_MS'],
  ...['NETWORK_LOSS_PERCENT', 'PLAYWRIGHT_JUNIT_OUTPUT_FILE'],
]

const example = parseEnv(readFileSync(`${root}.env.example`, 'utf8'))
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
/** Each document with its translation. */
const pairs = ENGLISH.flatMap(english =>
  CHINESE.filter(({ path }) => path === chinesePath(english.path)).map(
    chinese => [english, chinese] as const,
  ),
)

function chinesePath(path: string): string {
  return path === 'README.md' ? 'README.zh-CN.md' : path.replace('docs/', 'docs/zh-CN/')
}

const matches = ({ text }: Document, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found = '']) => found)

test('the READMEs are short', () => {
  for (const { path, text } of readDocuments('README*.md'))
    assert.ok(text.trimEnd().split('\n').length <= 150, `${path} has more than 150 lines`)
})

test('every relative link and image leads to a file, and to a heading of it', () => {
  const broken = ALL.flatMap(document =>
    document.targets
      .filter(target => !/^[a-z]+:/.test(target) && !leadsSomewhere(document, target))
      .map(target => `${document.path}: ${target}`),
  )
  assert.deepEqual(broken, [])
})

function leadsSomewhere(from: Document, target: string): boolean {
  const [file = '', anchor] = decodeURI(target).split('#')
  const path = file ? join(dirname(from.path), file) : from.path
  if (!existsSync(`${root}${path}`)) return false
  return anchor === undefined || readDocument(path).headings.some(({ slug }) => slug === anchor)
}

test('every document is there in both languages, with the same headings', () => {
  assert.deepEqual(
    CHINESE.map(({ path }) => path).sort(),
    ENGLISH.map(({ path }) => chinesePath(path)).sort(),
  )
  const levels = ({ headings }: Document) => headings.map(({ level }) => level)
  for (const [english, chinese] of pairs) assert.deepEqual(levels(chinese), levels(english), chinese.path)
})

test('both languages show the same code, but for its comments', () => {
  const code = ({ codeBlocks }: Document) => codeBlocks.map(block => block.replace(/(^|\s)# .*$/gm, '$1#'))
  for (const [english, chinese] of pairs) assert.deepEqual(code(chinese), code(english), chinese.path)
})

test('every environment variable that is named exists', () => {
  const known = new Set([...Object.keys(example), ...FOREIGN_NAMES])
  const unknown = GUIDES.flatMap(document =>
    matches(document, /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)
      .filter(name => !known.has(name))
      .map(name => `${document.path}: ${name}`),
  )
  assert.deepEqual(unknown, [])
})

for (const path of ['docs/install.md', 'docs/zh-CN/install.md']) {
  test(`${path} explains every environment variable, with its default`, () => {
    const rows = readDocument(path).text.matchAll(/^\| `([A-Z0-9_]+)` +\| (.+?) +\|/gm)
    const defaults = Object.fromEntries([...rows].map(([, name, value]) => [name, value]))
    assert.deepEqual(Object.keys(defaults).sort(), Object.keys(example).sort())
    for (const [name, value] of Object.entries(example))
      if (value) assert.equal(defaults[name], `\`${value}\``, name)
  })
}

for (const path of ['docs/settings.md', 'docs/zh-CN/settings.md']) {
  test(`${path} explains every setting, with its default`, () => {
    const rows = [...readDocument(path).text.matchAll(/^\| `([a-z_]+)` +\| (.+?) +\|/gm)]
    const defaults = Object.fromEntries(rows.map(([, name, value]) => [name, value]))
    assert.equal(rows.length, Object.keys(defaults).length, 'a setting is explained twice')
    const expected = Object.entries(definitions).map(([name, { initial }]) => [
      name,
      initial === '' ? (path.includes('zh-CN') ? '无' : 'none') : `\`${initial}\``,
    ])
    assert.deepEqual(defaults, Object.fromEntries(expected))
  })
}

test('every metric that is named exists, and each is explained', () => {
  const sources = globSync('src/metrics*.ts', { cwd: root }).map(file =>
    readFileSync(`${root}${file}`, 'utf8'),
  )
  const existing = new Set(
    sources.flatMap(text => [...text.matchAll(/'(crat_\w+)'/g)].map(([, name]) => name)),
  )
  const named = (document: Document) =>
    matches(document, /`(crat_[a-z_]+)/g).map(name => name.replace(/_(bucket|sum|count)$/, ''))
  for (const document of GUIDES)
    assert.deepEqual(
      named(document).filter(name => !existing.has(name) && name !== 'crat_'),
      [],
      document.path,
    )
  for (const path of ['docs/operations.md', 'docs/zh-CN/operations.md'])
    assert.deepEqual(new Set(named(readDocument(path))), existing, path)
})

test('the index leads to every document', () => {
  for (const index of ['docs/README.md', 'docs/zh-CN/README.md']) {
    const targets = readDocument(index).targets.map(target => target.replace(/#.*/, ''))
    const files = globSync('*.md', { cwd: `${root}${dirname(index)}` }).filter(name => name !== 'README.md')
    assert.deepEqual(
      files.filter(name => !targets.includes(name)),
      [],
      index,
    )
  }
})

test('every document leads to its translation', () => {
  for (const [english, chinese] of pairs) {
    const leads = (from: Document, to: Document) =>
      from.targets.some(target => join(dirname(from.path), target) === to.path)
    assert.ok(leads(english, chinese), `${english.path} does not lead to ${chinese.path}`)
    assert.ok(leads(chinese, english), `${chinese.path} does not lead to ${english.path}`)
  }
})

test('code that is to be copied can be read: YAML, JSON and commands', () => {
  for (const document of ENGLISH) {
    for (const code of document.codeIn('json')) assert.doesNotThrow(() => JSON.parse(code), document.path)
    for (const code of document.codeIn('yaml'))
      for (const { errors } of parseAllDocuments(code)) assert.deepEqual(errors, [], document.path)
  }
  const commands = ENGLISH.flatMap(({ codeIn }) => codeIn('sh')).join('\n')
  const { status, stderr } = spawnSync('sh', ['-n'], { input: commands, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})

test('every command that is named exists', () => {
  const missing = ALL.flatMap(document => [
    ...matches(document, /npm run ([\w:-]+)/g).filter(name => !(name in scripts)),
    ...matches(document, /\.\/(scripts\/[\w-]+)/g).filter(path => !existsSync(`${root}${path}`)),
  ])
  assert.deepEqual(missing, [])
})

test('messages are quoted as they are', () => {
  const sentences = globSync('src/locales/*/*.json', { cwd: root })
    .map(path => readFileSync(`${root}${path}`, 'utf8').replace(/{{\w+}}/g, '…'))
    .join('\n')
  for (const path of ['docs/troubleshooting.md', 'docs/zh-CN/troubleshooting.md']) {
    const quotes = matches(readDocument(path), /^\| [^|]*?“([^|]*)”[^|]*\|/gm)
    assert.ok(quotes.length > 10)
    for (const quote of quotes) assert.ok(sentences.includes(quote), `${path} quotes “${quote}”`)
  }
})

test('a change touches at most five files, and each of them exists', () => {
  const { text } = readDocument('CONTRIBUTING.md')
  const changes = text.slice(text.indexOf('## Twenty changes'))
  const rows = [...changes.matchAll(/^\| (an? [^|]+|something [^|]+) \|([^|]+)\|$/gm)]
  assert.ok(rows.length >= 20)
  for (const [, change = '', cell = ''] of rows) {
    const files = [...cell.matchAll(/`([^`]+)`/g)]
      .map(([, path = '']) => path)
      .filter(path => !path.includes('*'))
    assert.ok(files.length <= 5, change)
    const missing = files.filter(path => !existsSync(`${root}src/${path}`) && !existsSync(`${root}${path}`))
    assert.deepEqual(missing, [], change)
  }
})
