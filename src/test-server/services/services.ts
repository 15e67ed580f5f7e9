import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseConfig } from './config-file.ts'
import type { Service } from './service.ts'

const POLL_MS = 500

export interface Services {
  /** By name or alias, whatever the case; else the one with the alias `*`. */
  find(name: string): Service | undefined
  names(): string[]
  /** What is wrong with the file as it is now; the services are then those of before. */
  problem(): string | null
  close(): void
}

export type ConfigChange = { services: number } | { problem: string }

export async function openServices(
  file: string,
  onChange: (change: ConfigChange) => void = () => {},
): Promise<Services> {
  let services = parseConfig(await readFile(file, 'utf8'), file)
  let problem: string | null = null

  async function reload() {
    try {
      services = parseConfig(await readFile(file, 'utf8'), file)
      problem = null
      onChange({ services: services.length })
    } catch (error) {
      problem = (error as Error).message
      onChange({ problem })
    }
  }

  // By its times, not by events: these do not come over network drives, nor where a link is turned elsewhere.
  watchFile(file, { interval: POLL_MS }, reload)
  return {
    ...lookUpIn(() => services),
    problem: () => problem,
    close: () => unwatchFile(file, reload),
  }
}

export function fixedServices(services: Service[]): Services {
  return { ...lookUpIn(() => services), problem: () => null, close: () => {} }
}

function lookUpIn(current: () => Service[]): Pick<Services, 'find' | 'names'> {
  const called = (word: string) =>
    current().find(({ name, aliases }) => [name, ...aliases].some(known => known.toLowerCase() === word))
  return {
    find: name => called(name.trim().toLowerCase()) ?? called('*'),
    names: () => current().map(({ name }) => name),
  }
}
