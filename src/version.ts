import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathInProject } from './lib/root.ts'

export function readVersion(commitHash: string | null) {
  const { version } = JSON.parse(readFileSync(pathInProject('package.json'), 'utf8'))
  return {
    app_name: 'CRAT',
    app_version: String(version),
    node_version: process.version,
    commit_hash: commitHash ?? readCommit(),
  }
}

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: pathInProject('.'),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim()
  } catch {
    return 'unknown'
  }
}
