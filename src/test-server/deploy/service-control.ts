import { endProcesses, killProcesses } from '../processes/cookie.ts'
import { commandLine } from '../processes/start-process.ts'
import type { Service } from '../services/service.ts'
import { untilHealthy } from './health.ts'
import { type DeployPlan, isInstalled } from './plan.ts'
import { runServiceCommand, type ServiceCommandOptions } from './service-command.ts'

const GRACE_MS = 5_000

export interface ControlOptions {
  cookie: string
  outputFile: string
  write(text: string): void
  signal: AbortSignal
}

export interface ServiceControl {
  stop(): Promise<void>
  start(): Promise<void>
  untilHealthy(): Promise<void>
  /** A service that is deployed by a command has one to deploy, and may have one to roll back. */
  deploy(): Promise<void>
  rollBack(): Promise<void>
  /** Ends what this deploy has started, whatever its commands do. */
  killStarted(): Promise<void>
}

export function controlService(
  plan: DeployPlan,
  word: 'deploy' | 'restore',
  options: ControlOptions,
): ServiceControl {
  const { service, task_id } = plan
  const own = `${options.cookie}${task_id}/`
  const commandOptions = (): ServiceCommandOptions => ({
    ...options,
    cwd: isInstalled(service) ? service.install_dir : plan.unpacked,
    cookie: `${own}${word}/`,
    env: { ...variablesOf(plan), ...service.environment },
    timeoutMs: service.command_timeout,
  })

  async function run(command: string | string[]): Promise<void> {
    options.write(`$ ${commandLine(command)}\n`)
    await runServiceCommand(command, commandOptions())
  }

  return {
    async stop() {
      if (!isInstalled(service)) return
      await run(service.stop)
      // What an earlier deploy started and the command left.
      await endProcesses(options.cookie, GRACE_MS)
    },
    async start() {
      if (isInstalled(service)) await run(service.start)
    },
    async untilHealthy() {
      if (service.health) await untilHealthy(service.health, commandOptions())
    },
    async deploy() {
      if (!isInstalled(service)) await run(service.deploy)
    },
    async rollBack() {
      if (isInstalled(service)) return
      if (service.roll_back === undefined) throw new Error(`${service.name} has no command "roll_back"`)
      await run(service.roll_back)
    },
    killStarted: () => killProcesses(own),
  }
}

function variablesOf({ service, archive, unpacked, upgrade_type }: DeployPlan): Record<string, string> {
  return {
    SERVICE_NAME: service.name,
    PACKAGE_FILE: archive,
    PACKAGE_DIR: unpacked,
    UPGRADE_TYPE: upgrade_type,
    ...installDirOf(service),
  }
}

function installDirOf(service: Service): Record<string, string> {
  return isInstalled(service) ? { INSTALL_DIR: service.install_dir } : {}
}
