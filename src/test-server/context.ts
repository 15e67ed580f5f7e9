import { join } from 'node:path'
import type { DeployJournal } from './deploy/journal.ts'
import type { DeployPlan } from './deploy/plan.ts'
import type { ControlOptions } from './deploy/service-control.ts'
import type { Meetings } from './peers/meetings.ts'
import type { Services } from './services/services.ts'
import type { WorkTools } from './tasks/task.ts'
import type { ReportPlace } from './tests/report.ts'

export interface Context extends ReportPlace {
  dataDir: string
  /** Tells the processes of this server from those of another on the same machine. */
  instance: string
  services: Services
  journal: DeployJournal
  meetings: Meetings
  token: string | null
}

const slug = (service: string) => encodeURIComponent(service.toLowerCase())

/** Begins the cookie of all that is started for a service; a task's own follow with its id. */
export function serviceCookie({ instance }: Context, service: string): string {
  return `${instance}/${slug(service)}/`
}

export function testCookie(context: Context, service: string, taskId: string): string {
  return `${serviceCookie(context, service)}${taskId}/test/`
}

export function historyFile({ dataDir }: Context, service: string): string {
  return join(dataDir, 'history', `${slug(service)}.jsonl`)
}

export function controlOptions(context: Context, { service }: DeployPlan, tools: WorkTools): ControlOptions {
  return {
    cookie: serviceCookie(context, service.name),
    outputFile: join(context.dataDir, 'services', `${slug(service.name)}.log`),
    write: tools.write,
    signal: tools.signal,
  }
}
