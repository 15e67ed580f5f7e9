import { mkdir, readdir, rm } from 'node:fs/promises'
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
  /** Whatever its service is called by now. */
  findOfTask(taskId: string): Promise<DeployEntry | null>
  /** The deploy has come to its end, one or the other. */
  remove(service: string): Promise<void>
}

export async function openJournal(folder: string): Promise<DeployJournal> {
  await mkdir(folder, { recursive: true })
  // What was being written when the machine stopped.
  const cut = (await readdir(folder)).filter(name => name.endsWith('.new'))
  await Promise.all(cut.map(name => rm(join(folder, name), { force: true })))
  const fileOf = (service: string) => join(folder, `${encodeURIComponent(service.toLowerCase())}.json`)
  return {
    enter: (plan, phase) =>
      writeAtomically(fileOf(plan.service.name), JSON.stringify({ phase, plan }, null, 2)),
    async findOfTask(taskId) {
      const files = (await readdir(folder)).filter(name => name.endsWith('.json'))
      const entries = await Promise.all(files.map(name => readJson<DeployEntry>(join(folder, name))))
      return entries.find(entry => entry?.plan.task_id === taskId) ?? null
    },
    find: service => readJson<DeployEntry>(fileOf(service)),
    remove: service => rm(fileOf(service), { force: true }),
  }
}
