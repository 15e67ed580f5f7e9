import type { Part } from '../bench.ts'
import { download } from './download.ts'
import { endOfTask } from './end-of-task.ts'
import { growth } from './growth.ts'
import { housekeeping } from './housekeeping.ts'
import { lists } from './lists.ts'
import { live } from './live.ts'
import { memory } from './memory.ts'
import { migrations } from './migrations.ts'
import { pages } from './pages.ts'
import { queue } from './queue.ts'
import { start } from './start.ts'
import { webhooks } from './webhooks.ts'

/** In this order. */
export const PARTS: Part[] = [
  start,
  memory,
  webhooks,
  live,
  endOfTask,
  download,
  lists,
  pages,
  queue,
  growth,
  housekeeping,
  migrations,
]
