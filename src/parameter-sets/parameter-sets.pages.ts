import type { Context } from '../context.ts'
import type { PageOf } from '../database/store.ts'
import type {
  ParameterSetModel as ParameterSet,
  ParameterSetVersionModel as ParameterSetVersion,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { inputError, parseInput, whereItBreaks } from '../http/input.ts'
import {
  type Form,
  fieldsOf,
  formAction,
  formOf,
  idOf,
  offsetOf,
  type PageRequest,
  page,
  submitForm,
} from '../http/page.ts'
import { template } from '../http/view.ts'
import { detail } from '../lib/validation.ts'
import { type DiffLine, diffParameters } from './diff.ts'
import {
  changeParameterSet,
  countUses,
  createParameterSet,
  DEFAULT_PARAMETERS,
  DEFAULT_SET,
  deleteParameterSet,
  getParameterSet,
  listItemsUsing,
  listParameterSets,
  listParameterSetVersions,
  newParameterSet,
} from './parameter-sets.ts'

const KNOWN_KEYS = Object.keys(DEFAULT_PARAMETERS)
interface SetsPage {
  sets: PageOf<ParameterSet>
  search: string | undefined
  /** Set id → how many test items use it. */
  uses: Map<number, number>
}
const setsPage = template<SetsPage>('pages/parameter-sets')

interface SetPage {
  /** null: a new one. */
  set: ParameterSet | null
  form: Form
  knownKeys: string[]
  isDefault?: boolean
  items?: TestItem[]
  versions?: PageOf<ParameterSetVersion & { diff: DiffLine[] }>
}
const setPage = template<SetPage>('pages/parameter-set')

const SETS_PER_PAGE = 25
const VERSIONS_PER_PAGE = 10

export const showParameterSets = page(async (ctx, { req, res }) => {
  const query = fieldsOf(req.query)
  const search = query.q?.trim().slice(0, 200) || undefined
  const [all, uses] = await Promise.all([listParameterSets(ctx.db), countUses(ctx.db)])
  const found = search ? all.filter(set => mentions(set, search)) : all
  const offset = offsetOf(query.offset)
  const sets = {
    data: found.slice(offset, offset + SETS_PER_PAGE),
    ...{ total: found.length, limit: SETS_PER_PAGE, offset },
  }
  ctx.view.render(res, setsPage, { sets, search, uses })
})

function mentions({ name, description }: ParameterSet, search: string): boolean {
  return `${name}\n${description}`.toLowerCase().includes(search.toLowerCase())
}

export const showNewParameterSet = page(async (ctx, { res }) =>
  renderNew(ctx, res, formOf(valuesOf({ name: '', description: '', parameters: DEFAULT_PARAMETERS }))),
)

async function renderNew(ctx: Context, res: PageRequest['res'], form: Form, status?: number) {
  ctx.view.render(res, setPage, { set: null, form, knownKeys: KNOWN_KEYS }, status)
}

export const showParameterSet = page(async (ctx, request) => {
  const set = await getParameterSet(ctx.db, idOf(request.req))
  await renderSet(ctx, request, set, formOf(valuesOf(set)))
})

async function renderSet(
  ctx: Context,
  { req, res }: PageRequest,
  set: ParameterSet,
  form: Form,
  status?: number,
) {
  const offset = offsetOf(fieldsOf(req.query).offset)
  const isDefault = set.name === DEFAULT_SET
  const [versions, items] = await Promise.all([
    listVersionsWithDiff(ctx, set.id, offset),
    listItemsUsing(ctx.db, set),
  ])
  ctx.view.render(res, setPage, { set, form, items, versions, isDefault, knownKeys: KNOWN_KEYS }, status)
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

export const submitNewParameterSet = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const set = await createParameterSet(ctx, setIn(request.req.body), request.person.email)
      flash(request.res, 'done', 'pages:flash.set_created', { name: set.name })
      return `/parameter-sets/${set.id}`
    },
    (form, status) => renderNew(ctx, request.res, form, status),
    'name',
  ),
)

export const submitParameterSet = page(async (ctx, request) => {
  const set = await getParameterSet(ctx.db, idOf(request.req))
  await submitForm(
    request,
    async () => {
      const changed = await changeParameterSet(ctx, set.id, setIn(request.req.body), request.person.email)
      flash(request.res, 'done', 'pages:flash.set_saved', { name: changed.name })
      return `/parameter-sets/${set.id}`
    },
    (form, status) => renderSet(ctx, request, set, form, status),
    'name',
  )
})

export const deleteParameterSetAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/parameter-sets/${id}`, async () => {
    const set = await getParameterSet(ctx.db, id)
    await deleteParameterSet(ctx, id, person.email)
    flash(res, 'done', 'pages:flash.set_deleted', { name: set.name })
    return '/parameter-sets'
  })
})
