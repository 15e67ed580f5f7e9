import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Context } from '../context.ts'
import type { PageOf, Total } from '../database/paging.ts'
import type { NotificationStatus } from '../generated/prisma/enums.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  idOf,
  offsetOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { AppError, notFound } from '../lib/errors.ts'
import { localUrl } from '../lib/local-url.ts'
import { problem } from '../lib/validation.ts'
import { renderTestMail } from './mail/notices.ts'
import {
  addMail,
  countDeliveries,
  type DeliveryEntry,
  findMailOfRun,
  getDelivery,
  listDeliveries,
} from './outbox.ts'
import { resendDelivery } from './resend.ts'

interface MailsPage {
  mails: PageOf<DeliveryEntry>
  status: NotificationStatus | undefined
  counts: Record<NotificationStatus, Total>
  mailServer: string | null
  form: Form | undefined
}
const mailsPage = template<MailsPage>('pages/settings-mail')
const mailPage = template<{ mail: DeliveryEntry; text: string; back: string; bodyUrl: string }>('pages/mail')

const MAILS_PER_PAGE = 20
const statusQuery = z.enum(['waiting', 'sent', 'failed']).optional().catch(undefined)

export const showMails = page((ctx, request) => renderMails(ctx, request))

async function renderMails(ctx: Context, { req, res }: PageRequest, form?: Form, code?: number) {
  const query = fieldsOf(req.query)
  const status: NotificationStatus | undefined = statusQuery.parse(query.status)
  const [mails, waiting, sent, failed] = await Promise.all([
    listDeliveries(ctx, { status, limit: MAILS_PER_PAGE, offset: offsetOf(query.offset) }),
    countDeliveries(ctx, 'waiting'),
    countDeliveries(ctx, 'sent'),
    countDeliveries(ctx, 'failed'),
  ])
  const counts = { waiting, sent, failed }
  const mailServer = ctx.config.mail && `${ctx.config.mail.host}:${ctx.config.mail.port}`
  ctx.view.render(res, mailsPage, { mails, status, counts, mailServer, form }, code)
}

const testMailForm = z.object({
  email: z
    .string(problem('missing'))
    .trim()
    .toLowerCase()
    .pipe(z.email(problem('email'))),
})

export const submitTestMail = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const { email } = parseInput(testMailForm, request.req.body)
      const { project_name: project } = await ctx.settings.get()
      const mail = renderTestMail(request.person.locale, { project, url: ctx.config.publicUrl })
      await ctx.db.$transaction(tx =>
        addMail(ctx, tx, { ...mail, recipient: email, chart: null, runId: null }),
      )
      flash(request.res, 'done', 'pages:flash.test_mail', { email })
      return '/settings/mail'
    },
    (form, status) => renderMails(ctx, request, form, status),
  ),
)

export const checkMailAction = page(async (ctx, { res, person }) => {
  await formAction(res, '/settings/mail', async () => {
    const startedAt = performance.now()
    const error = await ctx.mailer.verify().then(
      () => null,
      (error: unknown) => {
        if (error instanceof AppError) return error
        throw error
      },
    )
    const ms = Math.round(performance.now() - startedAt)
    const { host = '', port = '' } = ctx.config.mail ?? {}
    const after = { address: `${host}:${port}`, reachable: !error, took_ms: ms }
    await recordChange(ctx.db, { actor: person, action: 'check server', subject: 'mail', after })
    if (error) flash(res, 'failed', error.key, error.paramsIn(person.locale))
    else flash(res, 'done', 'pages:flash.mail_checked', { server: `${host}:${port}`, ms })
    return undefined
  })
})

export const showMail = page(async (ctx, { req, res }) => {
  const mail = await getDelivery(ctx.db, idOf(req))
  const bodyUrl = `/settings/mail/${mail.id}/body`
  ctx.view.render(res, mailPage, { mail, text: mail.text, back: '/settings/mail', bodyUrl })
})

export const showMailBody = page(async (ctx, { req, res }) => {
  ctx.view.sendMailBody(res, await getDelivery(ctx.db, idOf(req)))
})

export const resendAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  const { back } = fieldsOf(req.body)
  await formAction(res, back ? localUrl(back) : '/settings/mail', async () => {
    await resendDelivery(ctx, id, person)
    const { recipient } = await getDelivery(ctx.db, id)
    flash(res, 'done', 'pages:flash.resent', { email: recipient })
    return undefined
  })
})

export const showRunMail = page(async (ctx, { req, res }) => {
  const runId = idOf(req)
  const mail = await mailOfRun(ctx, runId)
  const back = `/runs/${runId}`
  ctx.view.render(res, mailPage, { mail, text: mail.text, back, bodyUrl: `${back}/mail/body` })
})

export const showRunMailBody = page(async (ctx, { req, res }) => {
  ctx.view.sendMailBody(res, await mailOfRun(ctx, idOf(req)))
})

async function mailOfRun({ db }: Context, runId: number) {
  const entry = await findMailOfRun(db, runId)
  if (!entry) throw notFound('errors:mail_not_found', { id: runId })
  return getDelivery(db, entry.id)
}
