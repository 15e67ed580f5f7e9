import type { Database, Queryable, Transaction } from './client.ts'

/** The database with the queue of mails: rows and jobs are written in one transaction. */
export interface Store {
  db: Database
  queue: Queue
}

export interface Queue {
  hasActive(db: Queryable): Promise<boolean>
  /** Releases every active job; only safe if no other process works. */
  releaseAll(db: Queryable): Promise<void>
  /** Queues a mail, in the transaction that adds it to the outbox. A mail is queued at most once. */
  sendMail(tx: Transaction, notificationId: number): Promise<void>
  /** Queues a mail and makes its next attempt due now. */
  sendMailNow(tx: Transaction, notificationId: number): Promise<void>
}
