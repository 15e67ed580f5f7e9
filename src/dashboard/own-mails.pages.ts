import { page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { listWatches, type NamedWatch } from '../watches/watches.ts'

const ownMailsPage = template<{ watches: NamedWatch[] }>('pages/own-mails')

export const showOwnMails = page(async ({ db, view }, { res, person }) => {
  view.render(res, ownMailsPage, { watches: await listWatches(db, person.email) })
})
