import * as z from 'zod'
import { maskedRecipient } from '../channels/shown-address.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { LOCALES } from '../lib/i18n.ts'
import type { Person } from '../lib/person.ts'
import { ALERT_KINDS, changedAlertRule, newAlertRule } from './alert-fields.ts'
import * as alertRules from './alert-rules.ts'

const ruleShape = z
  .object({
    id: z.int(),
    name: z.string(),
    kind: z.enum(ALERT_KINDS),
    threshold: z.int().nullable().describe('Percent for pass_rate, days for no_run, else null'),
    enabled: z.boolean(),
    test_item_ids: z.array(z.int()).describe('Empty: all'),
    channel_ids: z.array(z.int()),
    recipients: z.array(z.string()).describe('Masked but for admins'),
    language: z.enum(LOCALES).describe('Of the mails to recipients'),
    alerts: z.array(z.object({ test_item_id: z.int(), since: time })).describe('What it holds for now'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'AlertRule' })

const presentFor =
  ({ isAdmin }: Person) =>
  (rule: alertRules.FullRule) => ({
    id: rule.id,
    name: rule.name,
    kind: rule.kind,
    threshold: rule.kind === 'duration' ? null : rule.threshold,
    enabled: rule.enabled,
    test_item_ids: rule.testItemIds,
    channel_ids: rule.channelIds,
    recipients: isAdmin ? rule.recipients : rule.recipients.map(maskedRecipient),
    language: rule.language,
    alerts: rule.alerts.map(({ testItemId, since }) => ({ test_item_id: testItemId, since })),
    created_at: rule.createdAt,
    updated_at: rule.updatedAt,
  })

const oneRule = message.extend({ data: ruleShape })

export const list = endpoint({
  summary: 'List the alert rules, and what they hold for now',
  answers: { 200: z.object({ data: z.array(ruleShape) }) },
  handle: async ({ db }, { person }) => ({
    data: (await alertRules.listAlertRules(db)).map(presentFor(person)),
  }),
})

export const create = endpoint({
  summary: 'Add an alert rule',
  body: newAlertRule,
  answers: { 201: oneRule },
  async handle(ctx, { body, person, res }) {
    const rule = await alertRules.createAlertRule(ctx, body, person)
    res.status(201)
    return { message: 'Alert rule added', data: presentFor(person)(rule) }
  },
})

export const change = endpoint({
  summary: 'Change an alert rule, or switch it on or off',
  params: idParams,
  body: changedAlertRule,
  answers: { 200: oneRule },
  async handle(ctx, { params, body, person }) {
    const rule = await alertRules.changeAlertRule(ctx, params.id, body, person)
    return { message: 'Alert rule changed', data: presentFor(person)(rule) }
  },
})

export const remove = endpoint({
  summary: 'Delete an alert rule; what it holds for ends without a message',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await alertRules.deleteAlertRule(ctx, params.id, person)
    return { message: 'Alert rule deleted' }
  },
})
