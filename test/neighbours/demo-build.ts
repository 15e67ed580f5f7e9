import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const template = fileURLToPath(new URL('./demo-package/', import.meta.url))

export interface DemoBuild {
  /** As the webhook's PACKAGE_PATH. */
  packagePath: string
  /** The release package of `cds`. */
  packageName: string
}

export interface PackageContents {
  version?: string
  /** So many tests are added that fail. */
  brokenTests?: number
  /** Bytes that do not compress, to make it as large as one wants. */
  padding?: number
  /** The service itself does something wrong that it did right before, and a test notices. */
  regression?: boolean
}

/**
 * Puts a build into the package server's folder, as Jenkins would leave it: the release and the debug package
 * of `cds`, a package of another item, SHA256SUMS.
 */
export async function makeDemoBuild(
  root: string,
  { version = '5.3.9', commit = 'c54239ed', ...contents }: PackageContents & { commit?: string } = {},
): Promise<DemoBuild> {
  const packagePath = `build/CDN/Core/20240626-story_container-${commit}`
  const folder = join(root, packagePath)
  await mkdir(join(folder, 'symbols'), { recursive: true })
  const name = (item: string, kind: string) =>
    `${item}-${version}-${commit}_x86_64-linux-gnu_20240626_${kind}.tgz`
  const names = [name('cds', 'release'), name('cds', 'debug'), name('sds', 'release')]
  await Promise.all(names.map(file => makePackage(join(folder, file), { version, ...contents })))
  await writeFile(join(folder, 'SHA256SUMS'), await checksums(folder, names))
  return { packagePath, packageName: name('cds', 'release') }
}

/** A real .tgz: a service, its manifest and its tests, in one folder named after the package. */
export async function makePackage(
  path: string,
  { version = '5.3.9', brokenTests = 0, padding = 0, regression = false }: PackageContents,
): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), 'crat-package-'))
  try {
    const folder = join(staging, 'package')
    await cp(template, folder, { recursive: true })
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ version, shared_caching: !regression }))
    if (padding > 0) await writeFile(join(folder, 'content.bin'), randomBytes(padding))
    if (brokenTests > 0) await writeFile(join(folder, 'tests/regressions.test.mjs'), regressions(brokenTests))
    await run('tar', ['-czf', path, '-C', staging, 'package'])
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

function regressions(count: number): string {
  const tests = Array.from(
    { length: count },
    (_, i) =>
      `test('Regression ${i + 1}', () => assert.equal('stale', 'fresh', 'The cache is never emptied'))`,
  )
  return [`import assert from 'node:assert/strict'`, `import { test } from 'node:test'`, ...tests, ''].join(
    '\n',
  )
}

async function checksums(folder: string, names: string[]): Promise<string> {
  const lines = names.map(async name => {
    const sum = createHash('sha256').update(await readFile(join(folder, name)))
    return `${sum.digest('hex')}  ${name}\n`
  })
  return (await Promise.all(lines)).join('')
}
