import * as z from 'zod'
import type { Context } from '../context.ts'
import { mergeChanged } from '../http/conflict.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, formOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import { holds } from '../lib/revision.ts'
import { masked } from '../lib/secrets.ts'
import { checkServer, SERVER_KEYS, type ServerCheck } from './check-server.ts'
import { changedSettings, SETTING_KEYS } from './definitions.ts'
import { WEEKDAYS } from './setting-schemas.ts'
import { changeSettings, getSettings, settingsRevision } from './settings.ts'

interface SettingsPage {
  form: Form
  /** Of one server, just now. */
  check: ServerCheck | null
  weekdays: readonly string[]
}
const settingsPage = template<SettingsPage>('pages/settings-system')

// Earlier versions used `?tab=mail`.
const OTHER_PARTS = ['channels', 'alerts', 'mail', 'sessions', 'tokens', 'audit']

export const showSettings = page(async (ctx, request) => {
  const { tab = '' } = fieldsOf(request.req.query)
  if (OTHER_PARTS.includes(tab) && request.person.isAdmin) return request.res.redirect(`/settings/${tab}`)
  const settings = await getSettings(ctx.db)
  const revision = settingsRevision(settings)
  renderSettings(ctx, request, formOf({ ...masked(settings), revision }))
})

function renderSettings(
  ctx: Context,
  { res }: PageRequest,
  form: Form,
  { status, check = null }: { status?: number; check?: ServerCheck | null } = {},
): void {
  ctx.view.render(res, settingsPage, { form, check, weekdays: WEEKDAYS }, status)
}

export const submitSettings = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const { revision } = fieldsOf(request.req.body)
      const expected = revision ? { keys: SETTING_KEYS, revision } : null
      await changeSettings(ctx, await settingsIn(ctx, request.req.body), request.person, expected)
      flash(request.res, 'done', 'pages:flash.settings_saved')
      return '/settings'
    },
    async (form, status) => renderSettings(ctx, request, await merged(ctx, form), { status }),
  ),
)

const checkInput = z.object({ check: z.enum(SERVER_KEYS) })

/** Asks the server whose address is in the form; what else was typed stays there. */
export const checkAction = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const { check: key } = parseInput(checkInput, request.req.body)
      const typed = fieldsOf(request.req.body)
      const { [key]: url } = parseInput(changedSettings, { [key]: typed[key] ?? '' })
      const check = await checkServer(ctx, { key, url: url ?? '' }, request.person)
      renderSettings(ctx, request, formOf({ ...masked(await getSettings(ctx.db)), ...typed }), { check })
      return null
    },
    async (form, status) => renderSettings(ctx, request, form, { status }),
  ),
)

async function merged(ctx: Context, form: Form): Promise<Form> {
  if (!form.changed.length) return form
  const stored = await getSettings(ctx.db)
  const texts = Object.entries(masked(stored)).map(([key, value]) => [key, String(value)])
  const before = String(form.values.revision)
  return mergeChanged(form, settingsRevision(stored), {
    theirs: Object.fromEntries(texts),
    yours: form.values,
    isUntouched: name => holds(stored, before, name, String(form.values[name]).trim()),
  })
}

// Unchanged fields are not validated: a URL that was never set is empty.
async function settingsIn(ctx: Context, body: unknown) {
  const before = masked(await getSettings(ctx.db))
  const typed = fieldsOf(body)
  const changed = SETTING_KEYS.filter(
    key => typed[key] !== undefined && typed[key].trim() !== String(before[key]),
  )
  if (!changed.length) return {}
  const input = Object.fromEntries(changed.map(key => [key, typed[key]]))
  return parseInput(changedSettings, input)
}
