import type { Context } from '../context.ts'
import type { ParameterSetModel as ParameterSet } from '../generated/prisma/models.ts'
import { inputError, parseInput, whereItBreaks } from '../http/input.ts'
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
import { detail } from '../lib/validation.ts'
import { listTestItems } from '../test-items/test-items.ts'
import { type DiffLine, diffParameters } from './diff.ts'
import {
  changeParameterSet,
  createParameterSet,
  DEFAULT_PARAMETERS,
  DEFAULT_SET,
  deleteParameterSet,
  getParameterSet,
  listParameterSets,
  listParameterSetVersions,
  newParameterSet,
} from './parameter-sets.ts'

const KNOWN_KEYS = Object.keys(DEFAULT_PARAMETERS)
const SETS_PER_PAGE = 25
const VERSIONS_PER_PAGE = 10

export const showParameterSets = page('user', async (ctx, { req, res }) => {
  const query = fieldsOf(req.query)
  const search = query.q?.trim().slice(0, 200) || undefined
  const [all, items] = await Promise.all([listParameterSets(ctx.db), listTestItems(ctx.db)])
  const [defaultSet] = all
  const itemsOfSet = Map.groupBy(items, item => item.parameterSetId ?? defaultSet?.id)
  const uses = new Map([...itemsOfSet].map(([id, users]) => [id, users.length]))
  const found = search ? all.filter(set => mentions(set, search)) : all
  const offset = offsetOf(query.offset)
  const sets = {
    data: found.slice(offset, offset + SETS_PER_PAGE),
    ...{ total: found.length, limit: SETS_PER_PAGE, offset },
  }
  ctx.view.render(res, 'pages/parameter-sets', { sets, search, uses })
})

function mentions({ name, description }: ParameterSet, search: string): boolean {
  return `${name}\n${description}`.toLowerCase().includes(search.toLowerCase())
}

export const showNewParameterSet = page('admin', async (ctx, { res }) =>
  renderNew(ctx, res, formOf(valuesOf({ name: '', description: '', parameters: DEFAULT_PARAMETERS }))),
)

async function renderNew(ctx: Context, res: Visit['res'], form: Form, status?: number) {
  ctx.view.render(res, 'pages/parameter-set', { set: null, form, knownKeys: KNOWN_KEYS }, status)
}

export const showParameterSet = page('user', async (ctx, visit) => {
  const set = await getParameterSet(ctx.db, idOf(visit.req))
  await renderSet(ctx, visit, set, formOf(valuesOf(set)))
})

async function renderSet(ctx: Context, { req, res }: Visit, set: ParameterSet, form: Form, status?: number) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const isDefault = set.name === DEFAULT_SET
  const usedBy = isDefault
    ? { OR: [{ parameterSetId: set.id }, { parameterSetId: null }] }
    : { parameterSetId: set.id }
  const [versions, items] = await Promise.all([
    listVersionsWithDiff(ctx, set.id, offset),
    ctx.db.testItem.findMany({ where: usedBy, orderBy: { name: 'asc' } }),
  ])
  ctx.view.render(
    res,
    'pages/parameter-set',
    { set, form, items, versions, isDefault, knownKeys: KNOWN_KEYS },
    status,
  )
}

async function listVersionsWithDiff(ctx: Context, id: number, offset: number) {
  // One more than is shown: the oldest one shown is compared with it.
  const page = { limit: VERSIONS_PER_PAGE + 1, offset }
  const { data, total } = await listParameterSetVersions(ctx.db, id, page)
  const shown = data.slice(0, VERSIONS_PER_PAGE).map((version, index) => ({
    ...version,
    diff: diffOf(data[index + 1]?.parameters, version.parameters),
  }))
  return { data: shown, total, limit: VERSIONS_PER_PAGE, offset }
}

function diffOf(before: unknown, after: unknown): DiffLine[] {
  return diffParameters((before ?? null) as object | null, after as object)
}

/** The known parameters as fields of their own, the others as JSON. */
function valuesOf({
  name,
  description,
  parameters,
}: Pick<ParameterSet, 'name' | 'description'> & { parameters: unknown }) {
  const all = Object.entries(parameters as object)
  const known = all.filter(([key]) => KNOWN_KEYS.includes(key)).map(([key, value]) => [`p_${key}`, value])
  const others = all.filter(([key]) => !KNOWN_KEYS.includes(key))
  const extra = others.length ? JSON.stringify(Object.fromEntries(others), null, 2) : ''
  return { name, description, extra, ...Object.fromEntries(known) }
}

function setIn(body: unknown) {
  const { name, description, extra, ...fields } = fieldsOf(body)
  const known = KNOWN_KEYS.map(key => [key, fields[`p_${key}`]?.trim()]).filter(
    ([, value]) => value !== undefined,
  )
  const input = { name, description, parameters: { ...Object.fromEntries(known), ...extraIn(extra ?? '') } }
  return parseInput(newParameterSet, input)
}

function extraIn(json: string): object {
  if (!json.trim()) return {}
  const extra = parseObject(json)
  const known = KNOWN_KEYS.find(key => Object.hasOwn(extra, key))
  if (known) throw inputError([detail('extra', 'own_field', { name: known })])
  return extra
}

function parseObject(json: string): object {
  const value = parseJson(json)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw inputError([detail('extra', 'object')])
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw inputError([detail('extra', 'json', whereItBreaks(json, (error as Error).message))])
  }
}

export const submitNewParameterSet = page('admin', (ctx, visit) =>
  submitForm(
    visit,
    async () => {
      const set = await createParameterSet(ctx, setIn(visit.req.body), visit.person.email)
      flash(visit.res, 'done', 'pages:flash.set_created', { name: set.name })
      return `/parameter-sets/${set.id}`
    },
    (form, status) => renderNew(ctx, visit.res, form, status),
    'name',
  ),
)

export const submitParameterSet = page('admin', async (ctx, visit) => {
  const set = await getParameterSet(ctx.db, idOf(visit.req))
  await submitForm(
    visit,
    async () => {
      const changed = await changeParameterSet(ctx, set.id, setIn(visit.req.body), visit.person.email)
      flash(visit.res, 'done', 'pages:flash.set_saved', { name: changed.name })
      return `/parameter-sets/${set.id}`
    },
    (form, status) => renderSet(ctx, visit, set, form, status),
    'name',
  )
})

export const pressDeleteParameterSet = page('admin', async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await press(res, `/parameter-sets/${id}`, async () => {
    const set = await getParameterSet(ctx.db, id)
    await deleteParameterSet(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.set_deleted', { name: set.name })
    return '/parameter-sets'
  })
})
