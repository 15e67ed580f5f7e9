import * as z from 'zod'
import type { Context } from '../context.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import { type Form, fieldsOf, formAction, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import { type AnnouncePart, announcePart } from '../job-versions/job.pages.ts'
import { findJobVersion } from '../job-versions/job-versions.ts'
import { invalid } from '../lib/errors.ts'
import { masked } from '../lib/secrets.ts'
import { detail, problem } from '../lib/validation.ts'
import { sendTestMail } from '../notifications/test-mail.ts'
import type { Settings } from '../settings/definitions.ts'
import { changedSettings } from '../settings/definitions.ts'
import { changeSettings } from '../settings/settings.ts'
import { createTestItem, newTestItem } from '../test-items/test-items.ts'
import { readSteps, type SetupSteps } from './steps.ts'

type StepName = 'packages' | 'test_server' | 'mail' | 'item'

interface SetupPage extends SetupSteps, AnnouncePart {
  settings: Settings
  mailServer: string | null
  admins: string[]
  /** What was typed into the form of a step, and what is wrong with it. */
  forms: Partial<Record<StepName, Form>>
}

const setupPage = template<SetupPage>('pages/setup')

export const showSetup = page((ctx, request) => renderSetup(ctx, request))

async function renderSetup(
  ctx: Context,
  { res, person }: PageRequest,
  forms: SetupPage['forms'] = {},
  status?: number,
): Promise<void> {
  const settings = await ctx.settings.get()
  const { mail, adminEmails } = ctx.config
  const steps = await readSteps(ctx, settings, { person, mailServer: mail !== null })
  const shown = {
    ...{ ...steps, forms, settings: masked(settings), admins: adminEmails },
    ...{
      mailServer: mail && `${mail.host}:${mail.port}`,
      ...announcePart(ctx, steps.build?.jobName ?? 'CDN/Core'),
    },
  }
  ctx.view.render(res, setupPage, shown, status)
}

/** A step's form: it leads back to the page, which checks what was entered. */
const stepForm = (name: StepName, submit: (ctx: Context, request: PageRequest) => Promise<void>) =>
  page((ctx, request) =>
    submitForm(
      request,
      async () => {
        await submit(ctx, request)
        return `/setup#${name}`
      },
      (form, status) => renderSetup(ctx, request, { [name]: form }, status),
      'name',
    ),
  )

async function saveAddress(
  ctx: Context,
  { req, person }: PageRequest,
  key: 'package_download_base_url' | 'external_test_server_url',
): Promise<void> {
  const value = (fieldsOf(req.body)[key] ?? '').trim()
  ctx.recentChecks.forget()
  // A password is shown as stars: what is sent back as it was shown stays.
  if (value === masked(await ctx.settings.get())[key]) return
  await changeSettings(ctx, parseInput(changedSettings, { [key]: value }), person)
}

export const submitPackageServer = stepForm('packages', (ctx, request) =>
  saveAddress(ctx, request, 'package_download_base_url'),
)

export const submitTestServer = stepForm('test_server', (ctx, request) =>
  saveAddress(ctx, request, 'external_test_server_url'),
)

const mailForm = z.object({
  email: z
    .string(problem('missing'))
    .trim()
    .toLowerCase()
    .pipe(z.email(problem('email'))),
})

export const submitMail = stepForm('mail', async (ctx, { req, res, person }) => {
  const { email: recipient } = parseInput(mailForm, req.body)
  const { project_name: project } = await ctx.settings.get()
  const { publicUrl: url } = ctx.config
  const answer = await sendTestMail(ctx, { recipient, project, url, locale: person.locale })
  flash(res, 'done', 'setup:mail.answered', { email: recipient, answer })
})

export const submitFirstItem = stepForm('item', async (ctx, { req, res, person }) => {
  const { name, associated_job_name } = fieldsOf(req.body)
  const input = parseInput(newTestItem, { name, associated_job_name })
  const job = input.associated_job_name ?? ''
  if (!(await findJobVersion(ctx.db, job)))
    throw invalid('errors:job_not_found', { job }, [detail('associated_job_name', 'no_such_job')])
  const item = await createTestItem(ctx, input, person)
  flash(res, 'done', 'pages:flash.item_created', { item: item.name })
})

export const checkAgainAction = page(async (ctx, { res }) => {
  await formAction(res, '/setup', async () => {
    ctx.recentChecks.forget()
    return undefined
  })
})

export const dismissAction = page(async (ctx, { req, res, person }) => {
  await formAction(res, '/setup', async () => {
    const dismissed = fieldsOf(req.body).dismissed === 'on'
    await changeSettings(ctx, { setup_dismissed: dismissed }, person)
    flash(res, 'done', dismissed ? 'setup:dismissed' : 'setup:shown')
    return dismissed ? '/tests' : undefined
  })
})
