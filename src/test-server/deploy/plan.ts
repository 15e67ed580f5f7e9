import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { InstalledService, Service } from '../services/service.ts'

/** All that is needed to deploy, and to undo it, also in another process with another configuration. */
export interface DeployPlan {
  task_id: string
  service: Service
  upgrade_type: string
  archive: string
  unpacked: string
  backup: number
  had_version: boolean
}

export function isInstalled(service: Service): service is InstalledService {
  return service.kind !== 'command'
}

/** Backups lie beside the install directory, on the same disk, so that moving one takes no time and no space. */
export function backupsOf({ install_dir, backup_dir }: InstalledService): string {
  return backup_dir ?? join(dirname(install_dir), `.${basename(install_dir)}-backups`)
}

export function backupOf({ backup }: DeployPlan, service: InstalledService): string {
  return join(backupsOf(service), `${backup}`)
}

export async function nextBackup(service: InstalledService): Promise<number> {
  return Math.max(0, ...(await backupNumbers(service))) + 1
}

export async function backupNumbers(service: InstalledService): Promise<number[]> {
  const names = await readIfAny(backupsOf(service))
  return names
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

export async function readIfAny(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
