import type { Database, Queryable, Transaction } from './client.ts'

/** The database with the queue of jobs: rows and jobs are written in one transaction. */
export interface Store {
  db: Database
  queue: Queue
}

export interface Queue {
  hasActive(db: Queryable): Promise<boolean>
  /** Releases every active job; only safe if no other process works. */
  releaseAll(db: Queryable): Promise<void>
  sendMail(tx: Transaction, notificationId: number): Promise<void>
  /** Queues the keeping of a run's report. */
  sendReport(tx: Transaction, runId: number): Promise<void>
  sendMailNow(tx: Transaction, notificationId: number): Promise<void>
  /** When the mails of these are tried again, where a try has failed. */
  nextTries(db: Queryable, notificationIds: number[]): Promise<Map<number, Date>>
}
