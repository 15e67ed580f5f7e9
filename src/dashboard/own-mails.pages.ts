import { endDigest, findDigest, subscribeToDigest } from '../digests/digest-subscriptions.ts'
import type { DigestSubscriptionModel as Subscription } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { fieldsOf, formAction, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { listWatches, type NamedWatch } from '../watches/watches.ts'

const ownMailsPage = template<{ watches: NamedWatch[]; digest: Subscription | null }>('pages/own-mails')

export const showOwnMails = page(async ({ db, view }, { res, person }) => {
  const [watches, digest] = await Promise.all([listWatches(db, person.email), findDigest(db, person.email)])
  view.render(res, ownMailsPage, { watches, digest })
})

export const digestAction = page(async ({ db }, { req, res, person }) => {
  await formAction(res, '/own-mails', async () => {
    const { digest } = fieldsOf(req.body)
    if (digest === 'watched' || digest === 'all')
      await subscribeToDigest(db, person, { allItems: digest === 'all' })
    else await endDigest(db, { email: person.email })
    flash(res, 'done', 'digest:saved')
    return undefined
  })
})
