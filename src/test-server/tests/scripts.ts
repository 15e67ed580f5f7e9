import { join } from 'node:path'
import { download } from '../files/download.ts'
import { exists } from '../files/exists.ts'
import { unpack } from '../files/unpack.ts'
import type { Submission } from '../submission.ts'
import type { WorkTools } from '../tasks/task.ts'

export interface Scripts {
  folder: string
  sha256?: string
}

export async function obtainScripts(
  submission: Submission,
  packageFolder: string,
  tools: WorkTools,
): Promise<Scripts> {
  const { scripts_url, scripts_sha256 } = submission
  if (scripts_url === undefined) return { folder: packageFolder }
  const { signal } = tools
  const work = join(tools.folder, 'work')
  const archive = join(work, 'scripts.tgz')
  tools.write(`fetching ${scripts_url}\n`)
  const sha256 = await download(scripts_url, archive, { what: 'scripts_url', sha256: scripts_sha256, signal })
  await unpack(archive, join(work, 'scripts'), { signal })
  return { folder: join(work, 'scripts'), sha256 }
}

export async function workingDirectory({ folder }: Scripts, directory: string): Promise<string> {
  const path = directory.startsWith('/') ? directory : join(folder, directory)
  if (!(await exists(path))) throw new Error(`There are no tests: ${directory} is missing`)
  return path
}
