import type { Database } from '../database/client.ts'
import type { RunModel as Run } from '../generated/prisma/models.ts'
import { openLoadPoints } from '../runs/load-points.ts'
import { openTaskLog } from '../runs/run-log.ts'
import type { Member } from './step.ts'

export async function loadMembers(db: Database, run: Run): Promise<Member[]> {
  const rows = await db.runEnvironment.findMany({
    where: { runId: run.id, attempt: run.attempt },
    include: { environment: true },
    orderBy: { position: 'asc' },
  })
  return rows.map(row => ({
    position: row.position,
    name: row.environmentName,
    token: row.environment?.token ?? null,
    taskLog: openTaskLog(db, { runId: run.id, index: row.position }),
    loadPoints: openLoadPoints(db, { runId: run.id, index: row.position }),
    run: {
      ...run,
      ...{ environmentId: row.environmentId, environmentName: row.environmentName },
      ...{ testServerUrl: row.testServerUrl, taskId: row.taskId },
      ...{ testServerProtocol: row.protocol, testServerFeatures: row.features },
    },
  }))
}
