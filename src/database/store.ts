import type { Database, Queryable, Transaction } from './client.ts'

/** Where verbs write: rows and the jobs that they promise, in one transaction. */
export interface Store {
  db: Database
  queue: Queue
}

/** The jobs that outlive a process: drive the next run of a lane, send a mail. */
export interface Queue {
  /** In the transaction that triggers a run: one job for each run, so that the lane is driven as often. */
  sendRun(tx: Transaction, lane: string): Promise<void>
  /** Hands the lane's active job back, for whoever takes it first. */
  releaseLane(lane: string): Promise<void>
  /** Whether some worker is at a job, or was when it died. */
  hasActive(db: Queryable): Promise<boolean>
  /** Hands every active job back: there is no other process that could be at it. */
  releaseAll(db: Queryable): Promise<void>
  /** In the transaction that puts the mail into the outbox. A mail is queued once, however often it is asked for. */
  sendMail(tx: Transaction, notificationId: number): Promise<void>
  /** The same, and its next attempt is now, even where it lay hours ahead. */
  sendMailNow(tx: Transaction, notificationId: number): Promise<void>
}

export interface Page {
  limit: number
  offset: number
}

export interface PageOf<T> extends Page {
  data: T[]
  total: number
}
