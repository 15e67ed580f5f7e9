import { flash } from '../http/flash.ts'
import { fieldsOf, formAction, idOf, page } from '../http/page.ts'
import { localUrl } from '../lib/local-url.ts'
import { clearHistory, deleteItemWithRuns } from '../runs/clear-history.ts'
import { changeTestItem, getTestItem } from '../test-items/test-items.ts'
import { pinItem, unpinItem } from './pins.ts'

export const mailAction = page(async (ctx, { req, res, person }) => {
  const { notification_enabled, back } = fieldsOf(req.body)
  await formAction(res, localUrl(back), async () => {
    const enabled = notification_enabled === 'on'
    const item = await changeTestItem(ctx, idOf(req), { notification_enabled: enabled }, person)
    flash(res, 'done', enabled ? 'pages:flash.mails_on' : 'pages:flash.mails_off', { item: item.name })
    return undefined
  })
})

export const pinAction = page(async (ctx, { req, res, person }) => {
  const { pinned, back } = fieldsOf(req.body)
  await formAction(res, localUrl(back), async () => {
    const { id } = await getTestItem(ctx.db, idOf(req))
    await (pinned === 'on' ? pinItem : unpinItem)(ctx.db, person.email, id)
    return undefined
  })
})

export const deleteItemAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/tests/${id}`, async () => {
    const item = await deleteItemWithRuns(ctx, id, person)
    flash(res, 'done', 'pages:flash.item_deleted', { item: item.name })
    return '/tests'
  })
})

export const clearHistoryAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/tests/${id}`, async () => {
    const count = await clearHistory(ctx, id, person)
    flash(res, 'done', 'pages:flash.history_cleared', { count })
    return undefined
  })
})
