import { link, lstat, mkdir, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { readJson, writeAtomically } from '../files/atomic-file.ts'
import { exists } from '../files/exists.ts'
import { listFiles, matchesAny } from '../files/tree.ts'
import type { InstalledService } from '../services/service.ts'
import { copyFile, makeExecutable, ownAs } from './copy.ts'
import type { Installation } from './installation.ts'
import { backupOf, type DeployPlan } from './plan.ts'

/** What a deploy changes in the install directory; beside the backup, whole before anything is changed. */
interface Manifest {
  replaced: string[]
  added: string[]
  added_folders: string[]
}

/** Replaces the files that the package brings and leaves all others: a program among its data. */
export function binaryInstallation(plan: DeployPlan, service: InstalledService): Installation {
  const { install_dir, keep, executables } = service
  const backup = backupOf(plan, service)
  const manifestFile = `${backup}.json`
  const target = (file: string) => join(install_dir, file)

  async function filesToReplace(): Promise<string[]> {
    const brought = await listFiles(plan.unpacked)
    const kept = await Promise.all(
      brought.map(async file => matchesAny(file, keep) && (await exists(target(file)))),
    )
    return brought.filter((_, index) => !kept[index])
  }

  async function backUp(files: string[]): Promise<void> {
    const there = await Promise.all(files.map(file => exists(target(file))))
    const manifest: Manifest = {
      replaced: files.filter((_, index) => there[index]),
      added: files.filter((_, index) => !there[index]),
      added_folders: await missingFolders(files, install_dir),
    }
    await mkdir(backup, { recursive: true })
    for (const file of manifest.replaced) await linkOrCopy(target(file), join(backup, file))
    await writeAtomically(manifestFile, JSON.stringify(manifest, null, 2))
  }

  return {
    async prepare() {
      await makeExecutable(plan.unpacked, executables)
      for (const file of await filesToReplace()) await requireFileInside(install_dir, file)
      if (plan.had_version) await ownAs(plan.unpacked, install_dir)
      return plan.unpacked
    },
    async replace() {
      const files = await filesToReplace()
      await backUp(files)
      for (const file of files) await putInPlace(join(plan.unpacked, file), target(file), copyFile)
    },
    async restore() {
      const manifest = await readJson<Manifest>(manifestFile)
      // Without it nothing was replaced yet, or all is back already.
      if (manifest === null) return
      for (const file of manifest.replaced) await putInPlace(join(backup, file), target(file), linkOrCopy)
      for (const file of manifest.added) await rm(target(file), { force: true })
      for (const folder of manifest.added_folders.toReversed()) await removeIfEmpty(target(folder))
      await rm(manifestFile)
      await rm(backup, { recursive: true, force: true })
    },
    async cleanUp() {
      if (!(await exists(manifestFile))) await rm(backup, { recursive: true, force: true })
    },
  }
}

/** An administrator may have linked a folder elsewhere: what lies there is not the package's to replace. */
async function requireFileInside(root: string, file: string): Promise<void> {
  if (!(await exists(root))) return
  let folder = join(root, dirname(file))
  while (!(await exists(folder))) folder = dirname(folder)
  const [real, inside] = await Promise.all([realpath(folder), realpath(root)])
  if (real !== inside && !real.startsWith(inside + sep))
    throw new Error(`${join(root, file)} leads out of ${root}, to ${real}: name it in "keep"`)
  const there = await lstat(join(root, file)).catch(() => null)
  if (there?.isDirectory()) throw new Error(`${join(root, file)} is a folder, and a file in the package`)
}

/** Folders of the files that are not there yet, outer ones first. */
async function missingFolders(files: string[], root: string): Promise<string[]> {
  const folders = new Set<string>()
  for (const file of files)
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) folders.add(folder)
  const sorted = [...folders].sort()
  const there = await Promise.all(sorted.map(folder => exists(join(root, folder))))
  return sorted.filter((_, index) => !there[index])
}

/** The file of now, under another name: what takes its place by a rename does not change it. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rm(to, { force: true })
  await link(from, to).catch(async error => {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes(error.code)) throw error
    await copyFile(from, to)
  })
}

/** By a rename: a program that runs is not written into, and no file is ever there in part. */
async function putInPlace(from: string, to: string, place: typeof copyFile): Promise<void> {
  const temporary = `${to}.deploy-new`
  await rm(temporary, { force: true })
  await place(from, temporary)
  await rename(temporary, to)
  // Where both were the same file already, the rename left it.
  await rm(temporary, { force: true })
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(error => {
    if (!['ENOENT', 'ENOTEMPTY'].includes(error.code)) throw error
  })
}
