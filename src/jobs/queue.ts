import { fromPrisma, PgBoss } from 'pg-boss'
import type { Queryable, Transaction } from '../database/client.ts'
import type { Log } from '../log.ts'

/** The jobs that outlive a process: drive the next run of a lane, send a mail. */
export interface Queue {
  boss: PgBoss
  /** In the transaction that triggers a run: one job for each run, so that the lane is driven as often. */
  sendRun(tx: Transaction, lane: string): Promise<void>
  /** Hands the lane's active job back, for whoever takes it first. */
  releaseLane(lane: string): Promise<void>
  /** Whether someone is at a job, or was. */
  hasActive(db: Queryable): Promise<boolean>
  /** Hands every active job back: there is no other process that could be at it. */
  releaseAll(db: Queryable): Promise<void>
  /** In the transaction that owes the mail. */
  sendMail(tx: Transaction, notificationId: number): Promise<void>
}

export const RUN_QUEUE = 'run'
export const MAIL_QUEUE = 'mail'

const DAY = 86_400

/** Connects the queue and creates what it needs; safe when several processes start at once. */
export async function startQueue(url: string, log: Log): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'crat-queue',
    max: 3,
    schedule: false,
    // How soon a worker that died is noticed: its heartbeat's age plus this.
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
  })
  boss.on('error', error => log.warn({ err: error }, 'queue error'))
  await boss.start()
  // One job of a lane is active, any number wait, oldest first. Not `singleton`: its fetch trusts a list of active
  // keys that may be a minute old, and a lane that has become free would wait for it.
  await boss.createQueue(RUN_QUEUE, {
    policy: 'key_strict_fifo',
    heartbeatSeconds: 10,
    expireInSeconds: DAY,
    retryLimit: 1_000_000,
    retryDelay: 0,
    retentionSeconds: 30 * DAY,
    deleteAfterSeconds: DAY,
  })
  // `exclusive`: a mail is queued once, however often it is asked for.
  await boss.createQueue(MAIL_QUEUE, {
    policy: 'exclusive',
    heartbeatSeconds: 10,
    expireInSeconds: 300,
    retryLimit: 25,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 4 * 3600,
    deleteAfterSeconds: DAY,
  })
  return {
    boss,
    async sendRun(tx, lane) {
      await boss.send(RUN_QUEUE, { lane }, { singletonKey: lane, db: fromPrisma(tx) })
    },
    async releaseLane(lane) {
      const jobs = await boss.findJobs(RUN_QUEUE, { key: lane })
      const active = jobs.filter(job => job.state === 'active').map(job => job.id)
      if (active.length) await boss.fail(RUN_QUEUE, active, { reason: 'the process that held it is gone' })
    },
    hasActive: async db => (await activeJobs(db)).length > 0,
    async releaseAll(db) {
      const jobs = await activeJobs(db)
      for (const { name, id } of jobs)
        await boss.fail(name, id, { reason: 'the process that held it is gone' })
      const ids = jobs.map(job => job.id)
      await db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry' AND id::text = ANY(${ids})`
    },
    async sendMail(tx, notificationId) {
      await boss.send(
        MAIL_QUEUE,
        { notificationId },
        { singletonKey: `${notificationId}`, db: fromPrisma(tx) },
      )
    },
  }
}

function activeJobs(db: Queryable): Promise<{ name: string; id: string }[]> {
  return db.$queryRaw`
    SELECT name, id::text FROM pgboss.job WHERE state = 'active' AND name IN (${RUN_QUEUE}, ${MAIL_QUEUE})`
}
