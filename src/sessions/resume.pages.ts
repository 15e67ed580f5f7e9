import { fieldsOf, page } from '../http/page.ts'
import { type PendingForm, takePendingForm } from '../http/pending-form.ts'
import { template } from '../http/view.ts'
import { localUrl } from '../lib/local-url.ts'

const resumePage = template<{ form: PendingForm; action: string; next: string }>('pages/resume')

const ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\/tests$/, 'create_item'],
  [/^\/tests\/\d+$/, 'change_item'],
  [/^\/tests\/\d+\/trigger$/, 'trigger'],
  [/^\/runs\/\d+\/cancel$/, 'cancel'],
  [/^\/runs\/\d+\/retry$/, 'retry'],
  [/^\/tests\/\d+\/pin$/, 'pin'],
  [/^\/builds\/select$/, 'select'],
  [/^\/builds\/sync$/, 'take_newest'],
  [/^\/environments(\/\d+(\/(state|check))?)?$/, 'environment'],
  [/^\/parameter-sets$/, 'create_set'],
  [/^\/parameter-sets\/\d+$/, 'change_set'],
  [/^\/settings$/, 'change_settings'],
  [/\/delete$/, 'delete'],
]

export const showResume = page(async (ctx, { req, res }) => {
  const form = takePendingForm(ctx, req, res)
  const next = localUrl(fieldsOf(req.query).next)
  if (!form) return res.redirect(303, next)
  const action = ACTIONS.find(([path]) => path.test(form.path))?.[1] ?? 'other'
  ctx.view.render(res, resumePage, { form, action, next })
})
