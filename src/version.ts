import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export function readVersion(commitHash: string | null) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return {
    app_name: 'CRAT',
    app_version: String(version),
    node_version: process.version,
    commit_hash: commitHash ?? readCommit(),
  }
}

function readCommit(): string {
  try {
    const folder = new URL('..', import.meta.url).pathname
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return 'unknown'
  }
}
