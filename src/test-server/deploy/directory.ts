import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { exists } from '../files/exists.ts'
import { listFiles, matchesAny } from '../files/tree.ts'
import type { InstalledService } from '../services/service.ts'
import { copyContents, copyFile, makeExecutable, move, ownAs } from './copy.ts'
import type { Installation } from './installation.ts'
import { backupOf, type DeployPlan } from './plan.ts'

/**
 * Replaces a whole directory. The new one is made beside it and takes its place by a rename, the old one becomes the
 * backup by a rename: neither is ever there in part, and putting the old one back needs no space.
 */
export function directoryInstallation(plan: DeployPlan, service: InstalledService): Installation {
  const { install_dir, keep, executables } = service
  const beside = (word: string) => join(dirname(install_dir), `.${basename(install_dir)}-${word}`)
  const next = beside('next')
  const discarded = beside('discarded')
  const backup = backupOf(plan, service)

  async function keepFiles(): Promise<void> {
    for (const file of await listFiles(install_dir)) {
      if (!matchesAny(file, keep)) continue
      await rm(join(next, file), { recursive: true, force: true })
      await copyFile(join(install_dir, file), join(next, file))
    }
  }

  return {
    async prepare() {
      await rm(next, { recursive: true, force: true })
      await mkdir(next, { recursive: true })
      if (plan.had_version && plan.upgrade_type === 'update') await copyContents(install_dir, next)
      await makeExecutable(plan.unpacked, executables)
      if (plan.had_version) await ownAs(plan.unpacked, install_dir)
      await copyContents(plan.unpacked, next)
      if (plan.had_version) await keepFiles()
      return next
    },
    async replace() {
      if (plan.had_version) await move(install_dir, backup)
      // An empty directory may be there before the first version.
      else await rm(install_dir, { recursive: true, force: true })
      await move(next, install_dir)
    },
    async restore() {
      if (!plan.had_version) return await rm(install_dir, { recursive: true, force: true })
      // Otherwise it was not moved yet, or is back already.
      if (!(await exists(backup))) return
      await rm(discarded, { recursive: true, force: true })
      if (await exists(install_dir)) await move(install_dir, discarded)
      await move(backup, install_dir)
    },
    async cleanUp() {
      for (const path of [next, discarded]) await rm(path, { recursive: true, force: true })
    },
  }
}
