import { fieldsOf, formAction, idOf, page } from '../http/page.ts'
import { changeSettings } from '../settings/settings.ts'
import { moveRun } from './move-run.ts'

export const moveAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/runs', async () => {
    const to = fieldsOf(req.body).to === 'back' ? 'back' : 'front'
    await moveRun(ctx, idOf(req), to, person.email)
    return undefined
  })
})

export const pauseAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/runs', async () => {
    await changeSettings(ctx, { queue_paused: fieldsOf(req.body).paused === 'true' }, person)
    return undefined
  })
})
