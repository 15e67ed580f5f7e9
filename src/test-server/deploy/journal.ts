import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, writeAtomically } from '../files/atomic-file.ts'
import type { DeployPlan } from './plan.ts'

export type DeployPhase = 'prepare' | 'stop' | 'replace' | 'start'

export interface DeployEntry {
  phase: DeployPhase
  plan: DeployPlan
}

/** Which deploys are under way and how far they are, so that the next start can undo one that a crash cut short. */
export interface DeployJournal {
  enter(plan: DeployPlan, phase: DeployPhase): Promise<void>
  find(service: string): Promise<DeployEntry | null>
  remove(service: string): Promise<void>
}

export async function openJournal(folder: string): Promise<DeployJournal> {
  await mkdir(folder, { recursive: true })
  const fileOf = (service: string) => join(folder, `${encodeURIComponent(service.toLowerCase())}.json`)
  return {
    enter: (plan, phase) =>
      writeAtomically(fileOf(plan.service.name), JSON.stringify({ phase, plan }, null, 2)),
    find: service => readJson<DeployEntry>(fileOf(service)),
    remove: service => rm(fileOf(service), { force: true }),
  }
}
