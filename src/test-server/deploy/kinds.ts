import { binaryInstallation } from './binary.ts'
import { directoryInstallation } from './directory.ts'
import type { Installation } from './installation.ts'
import { type DeployPlan, isInstalled } from './plan.ts'

export function installationOf(plan: DeployPlan): Installation | null {
  const { service } = plan
  if (!isInstalled(service)) return null
  return service.kind === 'binary' ? binaryInstallation(plan, service) : directoryInstallation(plan, service)
}
