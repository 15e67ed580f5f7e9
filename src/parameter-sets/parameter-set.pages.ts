import * as z from 'zod'
import type { Context } from '../context.ts'
import type { PageOf } from '../database/paging.ts'
import type {
  ParameterSetModel as ParameterSet,
  ParameterSetVersionModel as ParameterSetVersion,
  TestItemModel as TestItem,
} from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { idParam, parseInput } from '../http/input.ts'
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
import { masked } from '../lib/secrets.ts'
import { shortenLines } from '../lib/shorten.ts'
import { type DiffLine, diffParameters } from './diff.ts'
import { changeParameterSet, createParameterSet, deleteParameterSet } from './edit-parameter-sets.ts'
import { mergeSet } from './merge-set.pages.ts'
import { KNOWN_KEYS, setIn, valuesOf } from './parameter-set-form.pages.ts'
import {
  DEFAULT_SET,
  findVersionAndBefore,
  getParameterSet,
  listItemsUsing,
  listParameterSetVersions,
} from './parameter-sets.ts'
import { DEFAULT_PARAMETERS } from './parameters.ts'
import { setRevision } from './set-revision.ts'

interface SetPage {
  set: ParameterSet | null
  form: Form
  knownKeys: string[]
  isDefault?: boolean
  items?: TestItem[]
  versions?: PageOf<ParameterSetVersion & { diff: { lines: DiffLine[]; cut: boolean } }>
}

const versionParams = z.object({ id: idParam, version: idParam })

const setPage = template<SetPage>('pages/parameter-set')
const VERSIONS_PER_PAGE = 10
const CHARACTERS_OF_VERSION = { all: 4000, each: 500 }

export const showNewParameterSet = page(async (ctx, { res }) =>
  renderNew(ctx, res, formOf(valuesOf({ name: '', description: '', parameters: DEFAULT_PARAMETERS }))),
)

async function renderNew(ctx: Context, res: PageRequest['res'], form: Form, status?: number) {
  ctx.view.render(res, setPage, { set: null, form, knownKeys: KNOWN_KEYS }, status)
}

export const showParameterSet = page(async (ctx, request) => {
  const set = await getParameterSet(ctx.db, idOf(request.req))
  await renderSet(ctx, request, set, formOf({ ...valuesOf(set), revision: setRevision(set) }))
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
  const shown = { ...set, parameters: masked(set.parameters) }
  ctx.view.render(
    res,
    setPage,
    { set: shown, form, items, versions, isDefault, knownKeys: KNOWN_KEYS },
    status,
  )
}

async function listVersionsWithDiff(ctx: Context, id: number, offset: number) {
  const page = { limit: VERSIONS_PER_PAGE + 1, offset }
  const { data, ...found } = await listParameterSetVersions(ctx.db, id, page)
  const shown = data.slice(0, VERSIONS_PER_PAGE).map((version, index) => ({
    ...version,
    diff: shortenLines(diffOf(data[index + 1], version), CHARACTERS_OF_VERSION),
  }))
  return { ...found, data: shown, limit: VERSIONS_PER_PAGE, hasMore: data.length > VERSIONS_PER_PAGE }
}

function diffOf(before: ParameterSetVersion | undefined, { parameters }: ParameterSetVersion): DiffLine[] {
  return diffParameters((before?.parameters ?? null) as object | null, parameters as object)
}

/** What a version changed, whole. */
export const showVersion = page(async (ctx, { req, res }) => {
  const { id, version } = parseInput(versionParams, req.params)
  const [after, before] = await findVersionAndBefore(ctx.db, id, version)
  const lines = diffOf(before, after).map(({ sign, text }) => `${sign} ${text}\n`)
  res.type('text/plain').send(lines.join(''))
})

export const submitNewParameterSet = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const set = await createParameterSet(ctx, setIn(request.req.body), request.person)
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
      const { revision } = fieldsOf(request.req.body)
      const input = setIn(request.req.body)
      const changed = await changeParameterSet(ctx, set.id, input, request.person, revision || null)
      flash(request.res, 'done', 'pages:flash.set_saved', { name: changed.name })
      return `/parameter-sets/${set.id}`
    },
    async (form, status) => {
      const current = await getParameterSet(ctx.db, set.id)
      await renderSet(ctx, request, current, await mergeSet(ctx.db, form, current), status)
    },
    'name',
  )
})

export const deleteParameterSetAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/parameter-sets/${id}`, async () => {
    const set = await getParameterSet(ctx.db, id)
    await deleteParameterSet(ctx, id, person)
    flash(res, 'done', 'pages:flash.set_deleted', { name: set.name })
    return '/parameter-sets'
  })
})
