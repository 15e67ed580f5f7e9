import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { conflict, invalid, notFound } from '../lib/errors.ts'
import type { Actor } from '../lib/person.ts'
import { refuseChanged } from '../lib/revision.ts'
import { UNFINISHED } from '../lib/run-status.ts'
import { detail } from '../lib/validation.ts'
import { findBundleVersion } from '../script-bundles/script-bundles.ts'
import { itemColumns, itemFields, itemInputs } from './item-fields.ts'
import { nextStart } from './item-schedule.ts'

export const newTestItem = z.object(itemInputs)
export const changedTestItem = newTestItem.partial()

export function listTestItems(db: Queryable, where: { name?: string } = {}): Promise<TestItem[]> {
  return db.testItem.findMany({ where, orderBy: { name: 'asc' } })
}

export async function getTestItem(db: Queryable, id: number): Promise<TestItem> {
  const item = await db.testItem.findUnique({ where: { id } })
  if (!item) throw notFound('errors:test_item_not_found', { id })
  return item
}

export async function createTestItem(
  { db }: Store,
  input: z.output<typeof newTestItem>,
  actor: Actor,
): Promise<TestItem> {
  return refusingTaken('errors:test_item_exists', { name: input.name }, () =>
    db.$transaction(async tx => {
      await refuseUnknownSet(tx, input.associated_parameter_set_id)
      await refuseUnknownBundle(tx, input)
      const columns = itemColumns(input)
      const item = await tx.testItem.create({ data: { ...columns, ...nextStartOf(columns) } })
      await recordChange(tx, { actor, action: 'create test item', subject: item.name, after: input })
      await announceChange(tx, { topic: 'item', id: item.id })
      return item
    }),
  )
}

/** `expected`: the revision that the change is meant for; null: whichever. */
export async function changeTestItem(
  { db }: Store,
  id: number,
  input: z.output<typeof changedTestItem>,
  actor: Actor,
  expected: string | null = null,
): Promise<TestItem> {
  return refusingTaken('errors:test_item_exists', { name: input.name ?? '' }, () =>
    db.$transaction(async tx => {
      await getTestItem(tx, id)
      await lockRow(tx, 'test_items', id)
      const before = await tx.testItem.findUniqueOrThrow({ where: { id } })
      refuseChanged(itemFields(before), expected)
      await refuseUnknownSet(tx, input.associated_parameter_set_id)
      await refuseUnknownBundle(tx, { ...itemFields(before), ...input })
      const columns = itemColumns(input)
      const data = { ...columns, ...nextStartOf(columns, before) }
      const item = await tx.testItem.update({ where: { id }, data })
      await recordChange(tx, {
        actor,
        action: 'change test item',
        subject: before.name,
        before: itemFields(before),
        after: input,
      })
      await announceChange(tx, { topic: 'item', id })
      return item
    }),
  )
}

type Schedule = Pick<TestItem, 'schedule' | 'scheduleTimezone'>

/** A schedule that stays as it is keeps a time that is due. */
function nextStartOf(input: Partial<Schedule>, before?: Schedule): Pick<TestItem, 'scheduleNextAt'> | null {
  const old = before ?? { schedule: null, scheduleTimezone: 'UTC' }
  const { schedule = old.schedule, scheduleTimezone = old.scheduleTimezone } = input
  if (schedule === old.schedule && scheduleTimezone === old.scheduleTimezone) return null
  return { scheduleNextAt: nextStart({ schedule, scheduleTimezone }, new Date()) }
}

export async function deleteTestItem({ db }: Store, id: number, actor: Actor): Promise<TestItem> {
  return db.$transaction(async tx => {
    // The lock keeps a run from being triggered in between.
    await lockRow(tx, 'test_items', id)
    const item = await refuseItemInUse(tx, id)
    await tx.testItem.delete({ where: { id } })
    await recordChange(tx, { actor, action: 'delete test item', subject: item.name })
    await announceChange(tx, { topic: 'item', id })
    return item
  })
}

export async function refuseItemInUse(db: Queryable, id: number): Promise<TestItem> {
  const item = await getTestItem(db, id)
  const unfinished = await db.run.count({ where: { testItemId: id, status: { in: [...UNFINISHED] } } })
  if (unfinished) throw conflict('errors:test_item_in_use', { name: item.name, count: unfinished })
  return item
}

async function refuseUnknownSet(tx: Queryable, id: number | null | undefined): Promise<void> {
  if (!id || (await tx.parameterSet.count({ where: { id } }))) return
  const wrong = detail('associated_parameter_set_id', 'no_such_parameter_set')
  throw invalid('errors:parameter_set_not_found', { id }, [wrong])
}

async function refuseUnknownBundle(
  tx: Queryable,
  { script_bundle: name, script_bundle_version: version }: z.output<typeof changedTestItem>,
): Promise<void> {
  if (name ? await findBundleVersion(tx, name, version) : !version) return
  const key = version ? 'errors:script_bundle_version_not_found' : 'errors:script_bundle_not_found'
  const path = version ? 'script_bundle_version' : 'script_bundle'
  const params = { name: name ?? '–', ...(version && { version }) }
  throw invalid(key, params, [detail(path, 'no_such_script_bundle')])
}
