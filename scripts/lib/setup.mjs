import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { run } from './run.mjs'

/** Dependencies and generated files, as the lock file and the sources want them; does nothing where they are. */
export async function setUp(root, signal) {
  if (areDependenciesInstalled(root) && isBuilt(root)) return
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 16)
  await withLock(
    join(tmpdir(), `crat-setup-${clone}.lock`),
    async () => {
      if (!areDependenciesInstalled(root)) await installDependencies(root, signal)
      if (!isBuilt(root)) await build(root, signal)
    },
    signal,
  )
}

/** npm writes what it installed into `node_modules/.package-lock.json`, as its last deed. */
function areDependenciesInstalled(root) {
  const wanted = packagesIn(join(root, 'package-lock.json'))
  const installed = packagesIn(join(root, 'node_modules/.package-lock.json'))
  const missing = Object.entries(wanted).filter(
    ([path, { version, optional, devOptional, peer }]) =>
      path !== '' && !optional && !devOptional && !peer && installed[path]?.version !== version,
  )
  return missing.length === 0 && nodeRuns(root)
}

function packagesIn(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : {}
}

function nodeRuns(root) {
  try {
    execFileSync(join(root, 'node_modules/.bin/node'), ['--version'])
    return true
  } catch {
    return false
  }
}

async function installDependencies(root, signal) {
  console.log('Installing dependencies (npm install), which takes a minute …')
  // Prisma's own engine would be downloaded from a host that many networks do not reach; it is not needed.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_SKIP_POSTINSTALL_GENERATE: '1' }
  // Not `npm ci`: it takes node_modules away under whatever runs from this clone. The versions are the lock file's
  // all the same.
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
    signal,
  })
}

async function build(root, signal) {
  console.log('Building CRAT (npm run build) …')
  const inputs = hashOfInputs(root)
  await run('npm', ['run', 'build'], { cwd: root, signal })
  writeFileSync(stampOf(root), inputs)
}

function isBuilt(root) {
  const outputs = ['src/generated/prisma/client.ts', 'public/app.css', 'public/vendor'].map(path =>
    join(root, path),
  )
  const stamp = stampOf(root)
  return (
    outputs.every(path => existsSync(path)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hashOfInputs(root)
  )
}

const stampOf = root => join(root, 'node_modules/.crat-build')

/** What the generated files are made from. */
function hashOfInputs(root) {
  const hash = createHash('sha256')
  const views = readdirSync(join(root, 'views'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  for (const file of [join(root, 'package.json'), join(root, 'prisma/schema.prisma'), ...views]) {
    hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}
