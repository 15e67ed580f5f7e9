import { setTimeout as pause } from 'node:timers/promises'
import type { Lifeline } from '../database/lifeline.ts'
import type { NotificationModel as Delivery } from '../generated/prisma/models.ts'
import { claimChat, claimDelivery, type Targets } from '../notifications/claim.ts'
import { deliverAlone, deliverToChat, type Outlet } from '../notifications/deliver-message.ts'

/** Ends of runs wake it; this is for what becomes due. */
const WAKE_EVERY_MS = 1_000
const MOST_AT_ONCE = 8
/** A webhook's channel, or a callback's host. */
const MOST_TO_ONE_TARGET = 2
const TOPICS = ['run', 'environment']

/** Sends to chats and webhooks until `stop`, several at once: a slow server delays only its own. */
export async function sendDeliveries(outlet: Outlet, lifeline: Lifeline, stop: AbortSignal): Promise<void> {
  const sending = new Map<Promise<void>, Delivery | null>()
  let wake = new AbortController()
  const unsubscribe = lifeline.onChange(change => {
    if (change === null || TOPICS.includes(change.topic)) wake.abort()
  })
  const start = (delivered: Promise<void>, delivery: Delivery | null = null) => {
    const end = delivered
      .catch(error => outlet.log.warn({ err: error }, 'delivery not recorded'))
      .finally(() => {
        sending.delete(end)
        wake.abort()
      })
    sending.set(end, delivery)
  }
  while (!stop.aborted) {
    wake = new AbortController()
    const found =
      sending.size < MOST_AT_ONCE && (await startDue(outlet, busyTargets([...sending.values()]), start))
    if (!found) await sleep(WAKE_EVERY_MS, AbortSignal.any([stop, wake.signal]))
  }
  unsubscribe()
  await Promise.all(sending.keys())
}

/** Those that get no more for the moment. */
function busyTargets(sending: (Delivery | null)[]): Targets {
  const busyOf = <T>(targets: T[]) =>
    [...Map.groupBy(targets, target => target)].flatMap(([target, same]) =>
      same.length < MOST_TO_ONE_TARGET ? [] : [target],
    )
  return {
    channelIds: busyOf(sending.flatMap(delivery => delivery?.channelId ?? [])),
    hosts: busyOf(sending.flatMap(delivery => (delivery?.kind === 'callback' ? delivery.recipient : []))),
  }
}

type Start = (delivered: Promise<void>, delivery?: Delivery) => void

/** Reports whether there was something to send. */
async function startDue(outlet: Outlet, busy: Targets, start: Start): Promise<boolean> {
  const { db } = outlet.store
  try {
    const channel = await claimChat(db)
    if (channel) start(deliverToChat(outlet, channel))
    const delivery = await claimDelivery(db, busy)
    if (delivery) start(deliverAlone(outlet, delivery), delivery)
    return !!(channel || delivery)
  } catch (error) {
    outlet.log.warn({ err: error }, 'deliveries not claimed')
    return false
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  pause(ms, undefined, { signal }).then(resolve, () => resolve())
  return promise
}
