import * as z from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Cached } from '../database/cached.ts'
import type { Queryable, Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Store } from '../database/store.ts'
import type { EnvironmentModel as Environment } from '../generated/prisma/models.ts'
import { conflict, notFound } from '../lib/errors.ts'
import { filledLine, label, line } from '../lib/fields.ts'
import type { Actor } from '../lib/person.ts'
import { protect } from '../lib/protect.ts'
import type { Sealer } from '../lib/sealer.ts'
import type { Settings } from '../settings/definitions.ts'
import { url } from '../settings/setting-schemas.ts'
import type { ReadyHook } from './check-environments.ts'
import { stateColumns } from './state.ts'

/** The one whose address is the setting external_test_server_url. It always exists. */
export const DEFAULT_ENVIRONMENT = 'default'

export const newEnvironment = z.object({
  name: filledLine(100),
  test_server_url: url,
  labels: z.array(label).max(30).optional(),
  state: z.enum(['ready', 'paused']).optional(),
  token: line(1000).nullish(),
})
export const changedEnvironment = newEnvironment.partial()

export type EnvironmentEntry = Environment & { activeRunId: number | null }

export async function listEnvironments(db: Queryable): Promise<EnvironmentEntry[]> {
  const rows = await db.environment.findMany({ include: { runEnvironments: holder }, orderBy: { id: 'asc' } })
  return rows.map(entryFrom)
}

export async function getEnvironment(db: Queryable, id: number): Promise<EnvironmentEntry> {
  const row = await db.environment.findUnique({ where: { id }, include: { runEnvironments: holder } })
  if (!row) throw notFound('errors:environment_not_found', { id })
  return entryFrom(row)
}

const holder = { where: { releasedAt: null, endedAt: null }, select: { runId: true } }

function entryFrom<T extends Environment>(
  row: T & { runEnvironments: { runId: number }[] },
): EnvironmentEntry {
  const { runEnvironments, ...environment } = row
  return { ...environment, activeRunId: runEnvironments[0]?.runId ?? null }
}

export async function createEnvironment(
  { db, sealer }: Store & { sealer: Sealer },
  given: z.output<typeof newEnvironment>,
  actor: Actor,
): Promise<EnvironmentEntry> {
  const input = { ...given, ...protect(sealer, secretsIn(given)) }
  return refusingTaken('errors:environment_exists', { name: input.name }, () =>
    db.$transaction(async tx => {
      const { name, test_server_url: testServerUrl } = input
      const data = { name, testServerUrl, ...columnsOf(input, actor.email) }
      const environment = await tx.environment.create({ data })
      await recordChange(tx, { actor, action: 'create environment', subject: name, after: input })
      await announceChange(tx, { topic: 'environment', id: environment.id })
      return { ...environment, activeRunId: null }
    }),
  )
}

interface EnvironmentChanger {
  settings: Cached<Settings>
  sealer: Sealer
  onReady: ReadyHook
}

export async function changeEnvironment(
  { db, settings, sealer, onReady }: Store & EnvironmentChanger,
  id: number,
  given: z.output<typeof changedEnvironment>,
  actor: Actor,
): Promise<EnvironmentEntry> {
  const changed = await refusingTaken('errors:environment_exists', { name: given.name ?? '' }, () =>
    db.$transaction(async tx => {
      await lockRow(tx, 'environments', id)
      const before = await getEnvironment(tx, id)
      const stored = { test_server_url: before.testServerUrl, token: before.token }
      const input = { ...given, ...protect(sealer, secretsIn(given), { stored }) }
      const isDefault = before.name === DEFAULT_ENVIRONMENT
      if (isDefault && input.name !== undefined && input.name !== before.name)
        throw conflict('errors:default_environment_stays', { name: before.name })
      const { name, test_server_url: testServerUrl } = input
      const after = await tx.environment.update({
        where: { id },
        data: { name, testServerUrl, ...columnsOf(input, actor.email, before) },
      })
      if (before.state === 'quarantined' && after.state === 'ready') await onReady(tx, after)
      if (isDefault && testServerUrl) await setDefaultAddress(tx, testServerUrl, actor.email)
      await recordChange(tx, {
        ...{ actor, action: 'change environment', subject: before.name },
        ...{ before: shownOf(before), after: input },
      })
      await announceChange(tx, { topic: 'environment', id })
      return getEnvironment(tx, id)
    }),
  )
  settings.forget()
  return changed
}

export async function deleteEnvironment({ db }: Store, id: number, actor: Actor): Promise<Environment> {
  return db.$transaction(async tx => {
    // The lock keeps a run from starting in between.
    await lockRow(tx, 'environments', id)
    const environment = await getEnvironment(tx, id)
    const { name } = environment
    if (name === DEFAULT_ENVIRONMENT) throw conflict('errors:default_environment_stays', { name })
    const held = await tx.runEnvironment.findFirst({ where: { environmentId: id, endedAt: null } })
    if (held) throw conflict('errors:environment_in_use', { name, run: held.runId })
    await tx.environment.delete({ where: { id } })
    await recordChange(tx, {
      actor,
      action: 'delete environment',
      subject: name,
      before: shownOf(environment),
    })
    await announceChange(tx, { topic: 'environment', id })
    return environment
  })
}

const secretsIn = ({ test_server_url, token }: z.output<typeof changedEnvironment>) => ({
  ...(test_server_url !== undefined && { test_server_url }),
  ...(token !== undefined && { token }),
})

function columnsOf(input: z.output<typeof changedEnvironment>, actor: string, before?: Environment) {
  const { labels, state, token } = input
  return {
    labels: labels && [...new Set(labels)],
    token: token === '' ? null : token,
    ...(state && state !== before?.state && stateColumns(state, actor)),
  }
}

async function setDefaultAddress(tx: Transaction, value: string, actor: string): Promise<void> {
  await tx.setting.updateMany({
    where: { key: 'external_test_server_url' },
    data: { value, updatedBy: actor },
  })
}

function shownOf({ name, testServerUrl, labels, state }: Environment) {
  return { name, test_server_url: testServerUrl, labels, state }
}
