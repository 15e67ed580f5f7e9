import type * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { AlertModel as Alert, AlertRuleModel as AlertRule } from '../generated/prisma/models.ts'
import { invalid, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { detail } from '../lib/validation.ts'
import { type changedAlertRule, MAX_PERCENT, type newAlertRule } from './alert-fields.ts'

/** With the items that it holds for now. */
export type FullRule = AlertRule & { alerts: Alert[] }

type NewRule = z.output<typeof newAlertRule>
type ChangedRule = z.output<typeof changedAlertRule>

const include = { alerts: { orderBy: { since: 'asc' } } } as const

export function listAlertRules(db: Queryable): Promise<FullRule[]> {
  return db.alertRule.findMany({ include, orderBy: { name: 'asc' } })
}

export async function getAlertRule(db: Queryable, id: number): Promise<FullRule> {
  const rule = await db.alertRule.findUnique({ where: { id }, include })
  if (!rule) throw notFound('errors:alert_rule_not_found', { id })
  return rule
}

export async function createAlertRule({ db }: Store, given: NewRule, actor: Actor): Promise<FullRule> {
  const { kind, name } = given
  const threshold = 'threshold' in given ? given.threshold : 0
  return refusingTaken('errors:alert_rule_exists', { name }, () =>
    db.$transaction(async tx => {
      await refuseUnknown(tx, given)
      const rule = await tx.alertRule.create({
        data: { ...columnsOf(given), kind, name, threshold },
        include,
      })
      await recordChange(tx, { actor, action: 'create alert rule', subject: name, after: shownOf(rule) })
      return rule
    }),
  )
}

/** What no longer holds because the rule is another one ends without a message. */
export async function changeAlertRule(
  { db }: Store,
  id: number,
  given: ChangedRule,
  actor: Actor,
): Promise<FullRule> {
  return refusingTaken('errors:alert_rule_exists', { name: given.name ?? '' }, () =>
    db.$transaction(async tx => {
      await lockRow(tx, 'alert_rules', id)
      const before = await getAlertRule(tx, id)
      refuseThreshold(before, given)
      await refuseUnknown(tx, given, before)
      const threshold = before.kind === 'duration' ? undefined : given.threshold
      const rule = await tx.alertRule.update({ where: { id }, data: { ...columnsOf(given), threshold } })
      await forget(tx, before, rule)
      await recordChange(tx, {
        ...{ actor, action: 'change alert rule', subject: before.name },
        ...{ before: shownOf(before), after: shownOf(rule) },
      })
      return getAlertRule(tx, id)
    }),
  )
}

export async function deleteAlertRule({ db }: Store, id: number, actor: Actor): Promise<AlertRule> {
  return db.$transaction(async tx => {
    await lockRow(tx, 'alert_rules', id)
    const rule = await getAlertRule(tx, id)
    await tx.alertRule.delete({ where: { id } })
    const before = shownOf(rule)
    await recordChange(tx, { actor, action: 'delete alert rule', subject: rule.name, before })
    return rule
  })
}

async function forget(tx: Transaction, before: AlertRule, rule: AlertRule): Promise<void> {
  const { id: ruleId, testItemIds, enabled, threshold } = rule
  const all = !enabled || threshold !== before.threshold
  if (all) await tx.alert.deleteMany({ where: { ruleId } })
  else if (testItemIds.length)
    await tx.alert.deleteMany({ where: { ruleId, testItemId: { notIn: testItemIds } } })
}

function refuseThreshold({ kind }: AlertRule, { threshold }: ChangedRule): void {
  if (kind !== 'pass_rate' || !threshold || threshold <= MAX_PERCENT) return
  const wrong = detail('threshold', 'whole_number', { min: 1, max: MAX_PERCENT })
  throw invalid('errors:invalid_input', { path: wrong.path, count: 0 }, [wrong])
}

async function refuseUnknown(tx: Transaction, given: ChangedRule, before?: AlertRule): Promise<void> {
  const { test_item_ids: itemIds = [], channel_ids: channelIds = [] } = given
  const select = { id: true }
  const items = await tx.testItem.findMany({ where: { id: { in: itemIds } }, select })
  const channels = await tx.channel.findMany({ where: { id: { in: channelIds } }, select })
  const known = (rows: { id: number }[], kept: number[] = []) =>
    new Set([...kept, ...rows.map(({ id }) => id)])
  const knownItems = known(items, before?.testItemIds)
  const knownChannels = known(channels, before?.channelIds)
  const wrong = [
    ...itemIds.flatMap((id, place) =>
      knownItems.has(id) ? [] : [detail(`test_item_ids.${place}`, 'no_such_test_item')],
    ),
    ...channelIds.flatMap((id, place) =>
      knownChannels.has(id) ? [] : [detail(`channel_ids.${place}`, 'no_such_channel')],
    ),
  ]
  const [first] = wrong
  if (first) throw invalid('errors:invalid_input', { path: first.path, count: wrong.length - 1 }, wrong)
}

function columnsOf({ name, enabled, test_item_ids, channel_ids, recipients, language }: ChangedRule) {
  return { name, enabled, testItemIds: test_item_ids, channelIds: channel_ids, recipients, language }
}

function shownOf({
  name,
  kind,
  threshold,
  enabled,
  testItemIds,
  channelIds,
  recipients,
  language,
}: AlertRule) {
  const to = { channel_ids: channelIds, recipients, language }
  return { name, kind, threshold, enabled, test_item_ids: testItemIds, ...to }
}
