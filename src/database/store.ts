import type { Queue } from '../jobs/queue.ts'
import type { Database } from './client.ts'

/** Where verbs write: rows and the jobs that they promise, in one transaction. */
export interface Store {
  db: Database
  queue: Queue
}

export interface Page {
  limit: number
  offset: number
}

export interface PageOf<T> extends Page {
  data: T[]
  total: number
}
