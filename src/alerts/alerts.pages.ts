import { listChannels } from '../channels/channels.ts'
import type { Context } from '../context.ts'
import type { AlertRuleModel as AlertRule } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { parseInput } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  formOf,
  idOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { listTestItems } from '../test-items/test-items.ts'
import { ALERT_KINDS, changedAlertRule, newAlertRule } from './alert-fields.ts'
import {
  changeAlertRule,
  createAlertRule,
  deleteAlertRule,
  type FullRule,
  getAlertRule,
  listAlertRules,
} from './alert-rules.ts'

interface Named {
  id: number
  name: string
}

interface AlertsPage {
  rules: FullRule[]
  /** The one that is changed; null: the form adds one. */
  rule: FullRule | null
  kinds: readonly string[]
  items: Named[]
  channels: Named[]
  form: Form
}

const alertsPage = template<AlertsPage>('pages/settings-alerts')
const alertPage = template<AlertsPage>('pages/alert-rule')

export const showAlerts = page((ctx, request) =>
  renderAlerts(ctx, request, formOf({ enabled: 'on', language: request.person.locale, threshold: 90 })),
)

async function renderAlerts(ctx: Context, { res }: PageRequest, form: Form, status?: number) {
  ctx.view.render(res, alertsPage, await localsOf(ctx, form), status)
}

async function localsOf({ db }: Context, form: Form, rule: FullRule | null = null): Promise<AlertsPage> {
  const [rules, items, channels] = await Promise.all([
    listAlertRules(db),
    listTestItems(db),
    listChannels(db),
  ])
  const named = ({ id, name }: Named) => ({ id, name })
  return { rules, rule, kinds: ALERT_KINDS, items: items.map(named), channels: channels.map(named), form }
}

export const submitNewAlertRule = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const { name } = await createAlertRule(ctx, newRuleIn(request.req.body), request.person)
      flash(request.res, 'done', 'alerts:flash.created', { name })
      return '/settings/alerts'
    },
    (form, status) => renderAlerts(ctx, request, form, status),
    'name',
  ),
)

export const showAlertRule = page(async (ctx, { req, res }) => {
  const rule = await getAlertRule(ctx.db, idOf(req))
  ctx.view.render(res, alertPage, await localsOf(ctx, formOf(valuesOf(rule)), rule))
})

export const submitAlertRule = page(async (ctx, request) => {
  const rule = await getAlertRule(ctx.db, idOf(request.req))
  await submitForm(
    request,
    async () => {
      const input = parseInput(changedAlertRule, ruleIn(request.req.body, rule.kind))
      const { name } = await changeAlertRule(ctx, rule.id, input, request.person)
      flash(request.res, 'done', 'alerts:flash.saved', { name })
      return '/settings/alerts'
    },
    async (form, status) => ctx.view.render(request.res, alertPage, await localsOf(ctx, form, rule), status),
    'name',
  )
})

export const deleteAlertRuleAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/settings/alerts/${id}`, async () => {
    const { name } = await deleteAlertRule(ctx, id, person)
    flash(res, 'done', 'alerts:flash.deleted', { name })
    return '/settings/alerts'
  })
})

function valuesOf({ testItemIds, channelIds, recipients, ...rule }: AlertRule): Record<string, unknown> {
  return {
    ...{ name: rule.name, kind: rule.kind, threshold: rule.threshold, language: rule.language },
    ...{ enabled: rule.enabled && 'on', recipients: recipients.join('\n') },
    ...Object.fromEntries(testItemIds.map(id => [`item_${id}`, 'on'])),
    ...Object.fromEntries(channelIds.map(id => [`channel_${id}`, 'on'])),
  }
}

function newRuleIn(body: unknown) {
  const { kind = ALERT_KINDS[0] } = fieldsOf(body)
  return parseInput(newAlertRule, { ...ruleIn(body, kind), kind })
}

function ruleIn(body: unknown, kind: string) {
  const typed = fieldsOf(body)
  const idsOf = (prefix: string) =>
    Object.keys(typed)
      .filter(name => name.startsWith(`${prefix}_`) && typed[name] === 'on')
      .map(name => Number(name.slice(prefix.length + 1)))
  return {
    ...{ name: typed.name ?? '', enabled: typed.enabled === 'on', language: typed.language },
    ...(kind !== 'duration' && { threshold: Number(typed.threshold || Number.NaN) }),
    ...{ test_item_ids: idsOf('item'), channel_ids: idsOf('channel') },
    recipients: [...new Set((typed.recipients ?? '').split(/[\s,;]+/).filter(Boolean))],
  }
}
