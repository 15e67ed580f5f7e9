import { z } from 'zod'
import { listChanges } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import { sessionOf } from '../http/auth.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formOf,
  idOf,
  offsetOf,
  page,
  press,
  submitForm,
  type Visit,
} from '../http/page.ts'
import { flash } from '../http/view.ts'
import { problem } from '../lib/validation.ts'
import { renderTestMail } from '../notifications/mail/notices.ts'
import { getMail, listMails, oweMail, resendMail } from '../notifications/notifications.ts'
import { endSession, listSessions } from '../sessions/sessions.ts'
import { changedSettings, changeSettings, getSettings, SETTING_KEYS } from './settings.ts'

const TABS = { system: systemTab, mail: mailTab, sessions: sessionsTab, audit: auditTab }
type Tab = keyof typeof TABS

/** `?tab=`: what is not the system is for admins. */
export const showSettings = page('user', async (ctx, visit) => {
  const asked = fieldsOf(visit.req.query).tab ?? 'system'
  const tab = visit.person.isAdmin && Object.hasOwn(TABS, asked) ? (asked as Tab) : 'system'
  await renderTab(ctx, visit, tab)
})

async function renderTab(ctx: Context, visit: Visit, tab: Tab, form?: Form, status?: number): Promise<void> {
  const locals = await TABS[tab](ctx, visit)
  ctx.view.render(visit.res, 'pages/settings', { tab, ...locals, ...(form && { form }) }, status)
}

async function systemTab(ctx: Context) {
  return { form: formOf(await getSettings(ctx.db)) }
}

const mailStatus = z.enum(['waiting', 'sent', 'failed']).optional().catch(undefined)

async function mailTab(ctx: Context, { req }: Visit) {
  const query = fieldsOf(req.query)
  const status = mailStatus.parse(query.status)
  const [mails, counts] = await Promise.all([
    listMails(ctx.db, { status, limit: 20, offset: offsetOf(query.offset) }),
    ctx.db.notification.groupBy({ by: ['status'], _count: true }),
  ])
  return {
    mails,
    status,
    counts: Object.fromEntries(counts.map(row => [row.status, row._count])),
    mailServer: ctx.config.mail && `${ctx.config.mail.host}:${ctx.config.mail.port}`,
  }
}

async function sessionsTab(ctx: Context, { res }: Visit) {
  return { sessions: await listSessions(ctx.db), ownSessionId: sessionOf(res)?.id }
}

async function auditTab(ctx: Context, { req }: Visit) {
  return { changes: await listChanges(ctx.db, { limit: 30, offset: offsetOf(fieldsOf(req.query).offset) }) }
}

export const submitSettings = page('admin', (ctx, visit) =>
  submitForm(
    visit,
    async () => {
      await changeSettings(ctx, await settingsIn(ctx, visit.req.body), visit.person.email)
      flash(visit.res, 'done', 'pages:flash.settings_saved')
      return '/settings'
    },
    (form, status) => renderTab(ctx, visit, 'system', form, status),
  ),
)

/** What was changed in the form. An address that was never set stays empty and is not looked at. */
async function settingsIn(ctx: Context, body: unknown) {
  const before = await getSettings(ctx.db)
  const typed = fieldsOf(body)
  const changed = SETTING_KEYS.filter(
    key => typed[key] !== undefined && typed[key].trim() !== String(before[key]),
  )
  if (!changed.length) return {}
  const input = Object.fromEntries(changed.map(key => [key, typed[key]]))
  return parseInput(changedSettings, input)
}

const testMailForm = z.object({
  email: z
    .string(problem('missing'))
    .trim()
    .toLowerCase()
    .pipe(z.email(problem('email'))),
})

export const submitTestMail = page('admin', (ctx, visit) =>
  submitForm(
    visit,
    async () => {
      const { email } = parseInput(testMailForm, visit.req.body)
      const { project_name: project } = await getSettings(ctx.db)
      const mail = renderTestMail(visit.person.locale, { project, url: ctx.config.publicUrl })
      await ctx.db.$transaction(tx =>
        oweMail(ctx, tx, { ...mail, recipient: email, chart: null, runId: null }),
      )
      flash(visit.res, 'done', 'pages:flash.test_mail', { email })
      return '/settings?tab=mail'
    },
    (form, status) => renderTab(ctx, visit, 'mail', form, status),
  ),
)

export const showMail = page('admin', async (ctx, { req, res }) => {
  const mail = await getMail(ctx.db, idOf(req))
  const bodyUrl = `/settings/mail/${mail.id}/body`
  ctx.view.render(res, 'pages/mail', { mail, back: '/settings?tab=mail', bodyUrl })
})

export const showMailBody = page('admin', async (ctx, { req, res }) => {
  ctx.view.sendMailBody(res, await getMail(ctx.db, idOf(req)))
})

export const pressResend = page('admin', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, '/settings?tab=mail', async () => {
    await resendMail(ctx, id, person.email)
    const { recipient } = await getMail(ctx.db, id)
    flash(res, 'done', 'pages:flash.resent', { email: recipient })
    return undefined
  })
})

export const pressEndSession = page('admin', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, '/settings?tab=sessions', async () => {
    const ended = (await listSessions(ctx.db)).find(session => session.id === id)
    await endSession(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.session_ended', { email: ended?.email ?? '' })
    return undefined
  })
})
