import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { recordChange } from '../audit/audit.ts'
import type { Queryable } from '../database/client.ts'
import { lockRow, refusingTaken } from '../database/rows.ts'
import type { Page, PageOf, Store } from '../database/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type {
  ParameterSetModel as ParameterSet,
  ParameterSetVersionModel as ParameterSetVersion,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { invalid, notFound } from '../lib/errors.ts'
import { line, paragraph } from '../lib/fields.ts'
import { storable } from '../lib/text.ts'
import { problem } from '../lib/validation.ts'

/** The set that is used where neither the trigger nor the test item names one. It is always there. */
export const DEFAULT_SET = 'default'

/** What test servers of version 1 know besides `package_path`, which is the file that CRAT downloaded. */
export const DEFAULT_PARAMETERS = {
  service_name: '',
  install_dir: '',
  upgrade_type: 'full',
  test_path: '',
  base_url: '',
  report_keyword: '',
}

const text = z.string(problem('text')).max(2000, problem('too_long', { max: 2000 }))

/** Further keys are sent to the test server as they are. */
export const parameters = z
  .looseObject(
    {
      service_name: text.optional(),
      package_path: text.optional(),
      install_dir: text.optional(),
      upgrade_type: text.optional(),
      test_path: text.optional(),
      base_url: text
        .refine(url => url === '' || /^https?:\/\/[^/]/.test(url), problem('url_or_empty'))
        .optional(),
      report_keyword: text.optional(),
    },
    problem('parameters'),
  )
  .refine(set => JSON.stringify(set).length <= 65_536, problem('too_many_kib', { max: 64 }))
  .transform(set => storable(set) as Prisma.JsonObject)

const name = line(200).min(1, problem('empty'))
const description = paragraph(2000)

export const newParameterSet = z.object({ name, description: description.default(''), parameters })
export const changedParameterSet = z.object({
  name: name.optional(),
  description: description.optional(),
  parameters: parameters.optional(),
})

/** `default` first, then A to Z. */
export async function listParameterSets(db: Queryable): Promise<ParameterSet[]> {
  const sets = await db.parameterSet.findMany({ orderBy: { name: 'asc' } })
  return sets.sort((a, b) => Number(b.name === DEFAULT_SET) - Number(a.name === DEFAULT_SET))
}

export async function getParameterSet(db: Queryable, id: number): Promise<ParameterSet> {
  const set = await db.parameterSet.findUnique({ where: { id } })
  if (!set) throw notFound('errors:parameter_set_not_found', { id })
  return set
}

export async function getDefaultParameterSet(db: Queryable): Promise<ParameterSet> {
  return db.parameterSet.findUniqueOrThrow({ where: { name: DEFAULT_SET } })
}

/** The test items whose runs use this set, A to Z: `default` serves those that name none. */
export function listItemsUsing(db: Queryable, set: ParameterSet): Promise<TestItem[]> {
  const named = { parameterSetId: set.id }
  const where = set.name === DEFAULT_SET ? { OR: [named, { parameterSetId: null }] } : named
  return db.testItem.findMany({ where, orderBy: { name: 'asc' } })
}

/** Set id → how many test items use it. */
export async function countUses(db: Queryable): Promise<Map<number, number>> {
  const { id: defaultId } = await getDefaultParameterSet(db)
  const counts = await db.testItem.groupBy({ by: ['parameterSetId'], _count: true })
  const uses = new Map<number, number>()
  for (const { parameterSetId, _count } of counts) {
    const id = parameterSetId ?? defaultId
    uses.set(id, (uses.get(id) ?? 0) + _count)
  }
  return uses
}

export async function listParameterSetVersions(
  db: Queryable,
  id: number,
  page: Page,
): Promise<PageOf<ParameterSetVersion>> {
  await getParameterSet(db, id)
  const where = { parameterSetId: id }
  const [data, total] = await Promise.all([
    db.parameterSetVersion.findMany({
      where,
      orderBy: { version: 'desc' },
      take: page.limit,
      skip: page.offset,
    }),
    db.parameterSetVersion.count({ where }),
  ])
  return { data, total, ...page }
}

export async function createParameterSet(
  { db }: Store,
  input: z.output<typeof newParameterSet>,
  actor: string,
): Promise<ParameterSet> {
  return refusingTaken('errors:parameter_set_exists', { name: input.name }, () =>
    db.$transaction(async tx => {
      const set = await tx.parameterSet.create({
        data: {
          ...input,
          versions: { create: { version: 1, parameters: input.parameters, changedBy: actor } },
        },
      })
      await recordChange(tx, {
        actor,
        action: 'create parameter set',
        subject: set.name,
        after: input.parameters,
      })
      return set
    }),
  )
}

/** Changed parameters are a new version; runs that were triggered before keep what they have. */
export async function changeParameterSet(
  { db }: Store,
  id: number,
  input: z.output<typeof changedParameterSet>,
  actor: string,
): Promise<ParameterSet> {
  return refusingTaken('errors:parameter_set_exists', { name: input.name ?? '' }, () =>
    db.$transaction(async tx => {
      await lockRow(tx, 'parameter_sets', id)
      const before = await getParameterSet(tx, id)
      if (before.name === DEFAULT_SET && input.name !== undefined && input.name !== DEFAULT_SET) {
        throw invalid('errors:default_set_name')
      }
      await recordChange(tx, {
        actor,
        action: 'change parameter set',
        subject: before.name,
        before: { name: before.name, description: before.description, parameters: before.parameters },
        after: input,
      })
      const isSame = input.parameters === undefined || isDeepStrictEqual(input.parameters, before.parameters)
      if (isSame) return tx.parameterSet.update({ where: { id }, data: input })
      const version = before.version + 1
      await tx.parameterSetVersion.create({
        data: { parameterSetId: id, version, parameters: input.parameters ?? {}, changedBy: actor },
      })
      return tx.parameterSet.update({ where: { id }, data: { ...input, version } })
    }),
  )
}

export async function deleteParameterSet({ db }: Store, id: number, actor: string): Promise<ParameterSet> {
  return db.$transaction(async tx => {
    const set = await getParameterSet(tx, id)
    if (set.name === DEFAULT_SET) throw invalid('errors:default_set_delete')
    await tx.parameterSet.delete({ where: { id } })
    await recordChange(tx, {
      actor,
      action: 'delete parameter set',
      subject: set.name,
      before: set.parameters ?? {},
    })
    return set
  })
}
