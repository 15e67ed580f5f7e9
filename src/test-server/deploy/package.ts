import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { download, verifyFile } from '../files/download.ts'
import type { Submission } from '../submission.ts'
import type { WorkTools } from '../tasks/task.ts'

export async function obtainPackage(submission: Submission, tools: WorkTools): Promise<string> {
  const { package_path, package_url, package_sha256: sha256, package_size: size } = submission
  if (await isReadable(package_path)) {
    await verifyFile(package_path, { what: `package_path ${package_path}`, sha256, size })
    return package_path
  }
  if (package_url === undefined) throw missing(submission)
  const path = join(tools.folder, 'work', 'package.tgz')
  tools.write(`fetching ${package_url}\n`)
  await download(package_url, path, { what: 'package_url', sha256, size, signal: tools.signal })
  return path
}

/** The file must be readable on this machine: version 1 hands over a path, not a file. */
export async function requirePackage(submission: Submission): Promise<void> {
  if (!(await isReadable(submission.package_path))) throw missing(submission)
}

function missing({ package_path }: Submission): Error {
  return new Error(`package_path ${package_path} does not exist or cannot be read on this machine`)
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
