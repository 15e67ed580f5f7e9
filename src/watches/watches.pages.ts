import { flash } from '../http/flash.ts'
import { fieldsOf, formAction, idOf, type PageRequest, page } from '../http/page.ts'
import { localUrl } from '../lib/local-url.ts'
import { follow, unfollow, type Watched } from './watches.ts'

export const watchItemAction = page(({ db }, request) => {
  const id = idOf(request.req)
  return setWatch(db, request, { testItemId: id }, `/tests/${id}`)
})

export const watchRunAction = page(({ db }, request) => {
  const id = idOf(request.req)
  return setWatch(db, request, { runId: id }, `/runs/${id}`)
})

type Database = Parameters<typeof follow>[0]

async function setWatch(db: Database, { req, res, person }: PageRequest, watched: Watched, home: string) {
  const { watched: wanted, back } = fieldsOf(req.body)
  await formAction(res, back ? localUrl(back) : home, async () => {
    await (wanted === 'on' ? follow : unfollow)(db, person, watched)
    flash(res, 'done', wanted === 'on' ? 'watches:flash.followed' : 'watches:flash.unfollowed')
    return undefined
  })
}
