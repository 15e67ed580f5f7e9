import { lockEnabled, sendToChannels } from '../channels/send-to-channels.ts'
import type { Database, Queryable, Transaction } from '../database/client.ts'
import type { Queue } from '../database/store.ts'
import type { AlertKind } from '../generated/prisma/enums.ts'
import type { AlertRuleModel as AlertRule } from '../generated/prisma/models.ts'
import { isLocale } from '../lib/i18n.ts'
import { mailMessage } from '../notifications/message.ts'
import { getSettings } from '../settings/settings.ts'
import { alertMessage } from './alert-message.ts'
import { type Assessment, assessRule } from './assess-rule.ts'

interface Alerter {
  queue: Queue
  publicUrl: string
}

/** Evaluates the rules that an ended run can begin or end, in the transaction of its end. */
export async function evaluateRunEnd(alerter: Alerter, tx: Transaction, testItemId: number): Promise<void> {
  const rules = await findRules(tx, ['pass_rate', 'duration'], testItemId)
  if (rules.length) await evaluate(alerter, tx, rules, testItemId, new Date())
}

function findRules(db: Queryable, kinds: AlertKind[], testItemId: number): Promise<AlertRule[]> {
  return db.alertRule.findMany({
    where: {
      ...{ enabled: true, kind: { in: kinds } },
      OR: [{ testItemIds: { isEmpty: true } }, { testItemIds: { has: testItemId } }],
    },
    orderBy: { id: 'asc' },
  })
}

/** Evaluates the rules about items without runs. Returns how many items begin or are over. */
export async function evaluateMissingRuns(alerter: Alerter & { db: Database }, now: Date): Promise<number> {
  // Only items that have run, and whose alert is not as it should be.
  const due = await alerter.db.$queryRaw<{ id: number }[]>`
    SELECT DISTINCT item.id
    FROM alert_rules rule
    JOIN test_items item ON rule.test_item_ids = '{}' OR item.id = ANY(rule.test_item_ids)
    CROSS JOIN LATERAL (
      SELECT created_at FROM deploy_test_runs WHERE test_item_id = item.id ORDER BY id DESC LIMIT 1) last
    LEFT JOIN alerts alert ON alert.rule_id = rule.id AND alert.test_item_id = item.id
    WHERE rule.enabled AND rule.kind = 'no_run'
      AND (last.created_at < ${now}::timestamptz - rule.threshold * interval '24 hours') <> (alert.rule_id IS NOT NULL)
    ORDER BY item.id`
  for (const { id } of due)
    await alerter.db.$transaction(async tx => {
      // It stays there until the message is written.
      const [item] = await tx.$queryRaw<unknown[]>`SELECT id FROM test_items WHERE id = ${id} FOR KEY SHARE`
      if (item) await evaluate(alerter, tx, await findRules(tx, ['no_run'], id), id, now)
    })
  return due.length
}

async function evaluate(
  alerter: Alerter,
  tx: Transaction,
  rules: AlertRule[],
  testItemId: number,
  now: Date,
): Promise<void> {
  // One after the other, so that of two runs that end at once the second sees the first.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alerts'), ${testItemId})`
  for (const rule of rules) {
    const assessment = await assessRule(tx, rule, testItemId, now)
    if (!assessment) continue
    const changed = assessment.holds ? await begin(tx, rule, testItemId) : await end(tx, rule, testItemId)
    if (changed) await tell(alerter, tx, rule, testItemId, assessment)
  }
}

/** False if it has begun already, or the rule was switched off meanwhile. */
async function begin(tx: Transaction, { id }: AlertRule, testItemId: number): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO alerts (rule_id, test_item_id)
    SELECT id, ${testItemId} FROM alert_rules WHERE id = ${id} AND enabled FOR KEY SHARE
    ON CONFLICT DO NOTHING`
  return count === 1
}

async function end(tx: Transaction, { id: ruleId }: AlertRule, testItemId: number): Promise<boolean> {
  const { count } = await tx.alert.deleteMany({ where: { ruleId, testItemId } })
  return count === 1
}

async function tell(
  alerter: Alerter,
  tx: Transaction,
  rule: AlertRule,
  testItemId: number,
  assessment: Assessment,
): Promise<void> {
  const { project_name: project } = await getSettings(tx)
  const item = await tx.testItem.findUniqueOrThrow({ where: { id: testItemId } })
  const message = alertMessage({ rule, item, assessment, project, publicUrl: alerter.publicUrl })
  const enabled = await lockEnabled(tx, rule.channelIds)
  const channels = await tx.channel.findMany({ where: { id: { in: [...enabled] } } })
  await sendToChannels(alerter, tx, channels, message)
  const listed = new Set(channels.flatMap(channel => channel.recipients))
  await mailMessage(alerter, tx, message, {
    recipients: rule.recipients.filter(address => !listed.has(address)),
    locale: isLocale(rule.language) ? rule.language : 'en',
    why: { key: 'alerts:why', params: { rule: rule.name } },
  })
}
