import type { Request } from 'express'
import type { Context } from '../context.ts'
import { endDigest, leaveDigest } from '../digests/digest-subscriptions.ts'
import { type PageRequest, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { notFound } from '../lib/errors.ts'
import type { Subscription } from '../notifications/unsubscribe-links.ts'
import { endWatch } from '../watches/watches.ts'

const unsubscribePage = template<{ kind: string; done: boolean }>('pages/unsubscribe')

// Ending takes a click or a POST of the mail program: scanners open the links of mails.
export const showUnsubscribe = page(async (ctx, request) => {
  render(ctx, request, subscriptionOf(ctx, request.req), false)
})

/** As RFC 8058 says: without a login, and answered without a redirect. */
export const unsubscribeAction = page(async (ctx, request) => {
  const subscription = subscriptionOf(ctx, request.req)
  await end(ctx, subscription)
  render(ctx, request, subscription, true)
})

function subscriptionOf({ unsubscribeLinks }: Context, { params }: Request): Subscription {
  const subscription = unsubscribeLinks.read(String(params.token))
  if (!subscription) throw notFound('errors:unsubscribe_link')
  return subscription
}

async function end({ db }: Context, subscription: Subscription): Promise<void> {
  const [kind, id, address = ''] = subscription.split(':')
  if (kind === 'watch') await endWatch(db, Number(id))
  if (kind === 'digest') await endDigest(db, { id: Number(id) })
  if (kind === 'channel') await leaveDigest(db, Number(id), address)
}

function render({ view }: Context, { res }: PageRequest, subscription: Subscription, done: boolean): void {
  view.render(res, unsubscribePage, { kind: subscription.split(':')[0] ?? '', done })
}
