import { callbackUrlOf } from '../builds/announcement.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import type { RunEnd } from '../runs/record-event.ts'
import { callBack, type Message } from './message.ts'

/** Prepares the post to the address that the build's announcement named, however the run ended. */
export async function notifyCallback(
  db: Queryable,
  { run: { buildId } }: RunEnd,
  message: Message,
): Promise<(tx: Transaction) => Promise<void>> {
  const build = buildId ? await db.build.findUnique({ where: { id: buildId } }) : null
  const url = build && callbackUrlOf(build)
  return async tx => {
    if (url) await callBack(tx, message, url)
  }
}
