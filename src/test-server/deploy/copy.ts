import { chmod, chown, lchown, lstat, mkdir, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listFiles, matchesAny } from '../files/tree.ts'
import { runProgram } from '../processes/run-program.ts'

/** Copies what is in a directory into another one, links as links, with owners, modes and times. */
export async function copyContents(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await runProgram('cp', ['-pPR', `${from}/.`, `${to}/`])
}

export async function copyFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await runProgram('cp', ['-pP', from, to])
}

/** Moves; where that is another disk, by a copy that gets its name when it is whole. */
export async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await runProgram('rm', ['-rf', `${to}.part`])
    await runProgram('cp', ['-pPR', from, `${to}.part`])
    await rename(`${to}.part`, to)
    await runProgram('rm', ['-rf', from])
  }
}

export async function makeExecutable(root: string, patterns: string[]): Promise<void> {
  for (const file of await listFiles(root)) {
    const path = join(root, file)
    const { mode } = await lstat(path)
    if (matchesAny(file, patterns) && (mode & 0o170000) === 0o100000)
      await chmod(path, (mode & 0o777) | 0o755)
  }
}

/** Gives all below a directory to the owner of another one, where this program may. */
export async function ownAs(root: string, example: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await lstat(example)
  await chown(root, uid, gid)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
    await lchown(join(entry.parentPath, entry.name), uid, gid)
}
