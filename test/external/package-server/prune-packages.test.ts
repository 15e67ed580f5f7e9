import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fetchPackage, prunePackages } from '../../../src/external/package-server/index.ts'
import { makePackage, serveFile, temporaryFolder } from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Packages of 10 kB each, last used so long ago. */
async function keptPackages(t: TestContext, ages: number[]) {
  const { choice } = await serveFile(t, { content: makePackage(10_000), etag: '"v1"' })
  const folder = await temporaryFolder(t)
  const paths: string[] = []
  for (const [index, age] of ages.entries()) {
    const directory = `${choice.directory}${index}/`
    const { path } = await fetchPackage({ ...choice, directory }, { folder })
    const record = JSON.parse(await readFile(`${path}.json`, 'utf8'))
    const lastUsedAt = new Date(Date.now() - age).toISOString()
    await writeFile(`${path}.json`, JSON.stringify({ ...record, lastUsedAt }))
    paths.push(path)
  }
  return { folder, paths, choice }
}

test('what nobody used for too long goes, with all that belongs to it', async t => {
  const { folder, paths } = await keptPackages(t, [8 * DAY, 6 * DAY])
  const { removed, freed } = await prunePackages({ folder, keepDays: 7, keepBytes: 1e9, inUse: new Set() })
  assert.deepEqual(removed, [paths[0]])
  assert.ok(freed > 10_000)
  assert.deepEqual(readdirSync(dirname(paths[0] ?? '')), [])
  assert.ok(existsSync(paths[1] ?? ''))
})

test('what does not fit goes, the longest unused first, never one in use', async t => {
  const { folder, paths } = await keptPackages(t, [2 * DAY, 5 * DAY, 3 * DAY, 4 * DAY])
  const inUse = new Set([paths[1] ?? ''])
  const { removed } = await prunePackages({ folder, keepDays: 7, keepBytes: 25_000, inUse })
  assert.deepEqual(removed, [paths[3], paths[2]])
  const all = await prunePackages({ folder, keepDays: 0, keepBytes: 0, inUse })
  assert.deepEqual(all.removed, [paths[0]])
})

test('what was used within the last hour stays', async t => {
  const { folder } = await keptPackages(t, [0, HOUR / 2])
  const { removed } = await prunePackages({ folder, keepDays: 0, keepBytes: 0, inUse: new Set() })
  assert.deepEqual(removed, [])
})

test('using a package again keeps it', async t => {
  const { folder, paths, choice } = await keptPackages(t, [8 * DAY])
  const again = await fetchPackage({ ...choice, directory: `${choice.directory}0/` }, { folder })
  assert.equal(again.reused, true)
  assert.equal(again.path, paths[0])
  assert.deepEqual(
    (await prunePackages({ folder, keepDays: 7, keepBytes: 1e9, inUse: new Set() })).removed,
    [],
  )
})

test('a stale part goes, a fresh one and one in use stay', async t => {
  const { folder, paths } = await keptPackages(t, [2 * DAY])
  const [path = ''] = paths
  const parts = ['stale', 'fresh', 'needed'].map(name => join(dirname(path), `cds-${name}.tgz.part`))
  for (const part of parts) {
    await writeFile(part, 'x')
    await writeFile(`${part}.json`, '{}')
    if (part.includes('fresh')) continue
    const old = new Date(Date.now() - 2 * DAY)
    await Promise.all([utimes(part, old, old), utimes(`${part}.json`, old, old)])
  }
  const inUse = new Set([join(dirname(path), 'cds-needed.tgz')])
  const { removed } = await prunePackages({ folder, keepDays: 7, keepBytes: 1e9, inUse })
  assert.deepEqual(removed, [parts[0]])
  assert.deepEqual(parts.map(existsSync), [false, true, true])
  assert.ok(existsSync(path))
})

test('a folder that is not there yet, and what others put there, are left alone', async t => {
  const folder = await temporaryFolder(t)
  const options = { keepDays: 0, keepBytes: 0, inUse: new Set<string>() }
  assert.deepEqual(await prunePackages({ folder: join(folder, 'none'), ...options }), {
    removed: [],
    freed: 0,
  })
  await mkdir(join(folder, 'photos'))
  for (const file of ['notes.txt', 'photos/cds.tgz']) {
    await writeFile(join(folder, file), 'x')
    await utimes(join(folder, file), 1, 1)
  }
  assert.deepEqual((await prunePackages({ folder, ...options })).removed, [])
})

test('empty folders go when they are an hour old', async t => {
  const { folder, paths } = await keptPackages(t, [8 * DAY])
  const options = { folder, keepDays: 7, keepBytes: 1e9, inUse: new Set<string>() }
  await prunePackages(options)
  const subfolder = dirname(paths[0] ?? '')
  assert.ok(existsSync(subfolder))
  await utimes(subfolder, 1, 1)
  await prunePackages(options)
  assert.equal(existsSync(subfolder), false)
})
