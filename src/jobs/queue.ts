import { fromPrisma, PgBoss } from 'pg-boss'
import type { Queue } from '../database/store.ts'
import type { Log } from '../lib/log.ts'
import { findRetries, listActiveJobs, retryNow, startNow } from './queue-tables.ts'

export interface JobQueue extends Queue {
  boss: PgBoss
}

export const MAIL_QUEUE = 'mail'
export const REPORT_QUEUE = 'report'
const QUEUES = [MAIL_QUEUE, REPORT_QUEUE]

const DAY = 86_400

export async function startQueue(url: string, log: Log): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'crat-queue',
    max: 3,
    schedule: false,
    // A crashed worker is noticed after its heartbeat timeout plus this.
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
  })
  boss.on('error', error => log.warn({ err: error }, 'queue error'))
  await boss.start()
  await createQueues(boss)
  return { boss, ...createVerbs(boss) }
}

async function createQueues(boss: PgBoss): Promise<void> {
  // `exclusive`: a mail is queued at most once.
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
  await boss.createQueue(REPORT_QUEUE, {
    policy: 'exclusive',
    heartbeatSeconds: 10,
    expireInSeconds: 3600,
    retryLimit: 8,
    retryDelay: 15,
    retryBackoff: true,
    retryDelayMax: 3600,
    deleteAfterSeconds: DAY,
  })
}

const WORKER_GONE = { reason: 'the worker process is gone' }

function createVerbs(boss: PgBoss): Queue {
  const queue: Queue = {
    async hasActive(db) {
      return (await listActiveJobs(db, QUEUES)).length > 0
    },
    async releaseAll(db) {
      const jobs = await listActiveJobs(db, QUEUES)
      for (const { name, id } of jobs) await boss.fail(name, id, WORKER_GONE)
      const ids = jobs.map(job => job.id)
      await retryNow(db, ids)
    },
    async sendMail(tx, notificationId) {
      await boss.send(
        MAIL_QUEUE,
        { notificationId },
        { singletonKey: `${notificationId}`, db: fromPrisma(tx) },
      )
    },
    async sendReport(tx, runId) {
      await boss.send(REPORT_QUEUE, { runId }, { singletonKey: `${runId}`, db: fromPrisma(tx) })
    },
    async sendMailNow(tx, notificationId) {
      await startNow(tx, MAIL_QUEUE, `${notificationId}`)
      await queue.sendMail(tx, notificationId)
    },
    async nextTries(db, notificationIds) {
      if (!notificationIds.length) return new Map()
      const retries = await findRetries(db, MAIL_QUEUE, notificationIds.map(String))
      return new Map(retries.map(({ singleton_key, start_after }) => [Number(singleton_key), start_after]))
    },
  }
  return queue
}
