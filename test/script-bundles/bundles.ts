import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A .tgz of test scripts; the same files are the same bytes. */
export async function makeBundle(files: Record<string, string>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'crat-bundle-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, 'tests', name)), { recursive: true })
      await writeFile(join(folder, 'tests', name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
    }
    const same = ['--sort=name', '--mtime=2026-01-01', '--owner=0', '--group=0']
    await run('tar', [...same, '-C', folder, '-I', 'gzip -n', '-cf', `${folder}.tgz`, 'tests'])
    return await readFile(`${folder}.tgz`)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(`${folder}.tgz`, { force: true })
  }
}

export interface BundleAnswer {
  status: number
  // Whatever the API answers: the tests say what they expect of it.
  body: ReturnType<typeof JSON.parse>
}

export async function putBundle(
  { url, token }: { url: string; token: string },
  name: string,
  bytes: Buffer | string,
): Promise<BundleAnswer> {
  const response = await fetch(`${url}/api/v1/script-bundles/${name}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array(Buffer.from(bytes)),
  })
  return { status: response.status, body: await response.json() }
}
