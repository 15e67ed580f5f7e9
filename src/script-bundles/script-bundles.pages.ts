import * as z from 'zod'
import type { Context } from '../context.ts'
import { type PageOf, slicePage } from '../database/paging.ts'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { idParam, parseInput } from '../http/input.ts'
import { fieldsOf, offsetOf, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { shortenLines } from '../lib/shorten.ts'
import { type BundleChanges, type BundleFile, compareBundles } from './bundle-files.ts'
import { bundleName } from './bundle-name.ts'
import {
  type BundleVersion,
  getBundleVersion,
  listBundleVersions,
  listScriptBundles,
} from './script-bundles.ts'

interface ChangedPath {
  sign: '+' | '-' | '~'
  text: string
}
type ComparedVersion = BundleVersion & { files: number; before: number | null; changes: ChangedPath[] | null }
type ShownVersion = ComparedVersion & { shown: { lines: ChangedPath[]; cut: boolean } }

interface BundlesPage {
  bundles: BundleVersion[]
  url: string
}
interface BundlePage {
  name: string
  versions: PageOf<ShownVersion>
  items: Pick<TestItem, 'id' | 'name'>[]
  url: string
}

const bundlesPage = template<BundlesPage>('pages/script-bundles')
const bundlePage = template<BundlePage>('pages/script-bundle')
const VERSIONS_PER_PAGE = 10
const CHARACTERS_OF_VERSION = { all: 8000, each: 500 }

const versionParams = z.object({ name: bundleName, version: idParam })

const uploadUrl = ({ config }: Context, name: string) => `${config.publicUrl}/api/v1/script-bundles/${name}`

export const showScriptBundles = page(async (ctx, { res }) => {
  const bundles = await listScriptBundles(ctx.db)
  ctx.view.render(res, bundlesPage, { bundles, url: uploadUrl(ctx, 'NAME') })
})

export const showScriptBundle = page(async (ctx, { req, res }) => {
  const name = bundleName.catch('').parse(req.params.name)
  const all = await listBundleVersions(ctx.db, name)
  const page = slicePage(all, { limit: VERSIONS_PER_PAGE, offset: offsetOf(fieldsOf(req.query).offset) })
  const [compared, items] = await Promise.all([
    withChanges(ctx, page.data, all),
    ctx.db.testItem.findMany({
      where: { scriptBundle: name },
      select: { id: true, name: true },
      orderBy: { name: 'asc' },
    }),
  ])
  const data = compared.map(each => ({
    ...each,
    shown: shortenLines(each.changes ?? [], CHARACTERS_OF_VERSION),
  }))
  ctx.view.render(res, bundlePage, { name, versions: { ...page, data }, items, url: uploadUrl(ctx, name) })
})

/** What a version changed, whole. */
export const showChanges = page(async (ctx, { req, res }) => {
  const { name, version } = parseInput(versionParams, req.params)
  const found = await getBundleVersion(ctx.db, name, version)
  const all = await listBundleVersions(ctx.db, name)
  const [compared] = await withChanges(ctx, [found], all)
  res.type('text/plain').send((compared?.changes ?? []).map(({ sign, text }) => `${sign} ${text}\n`).join(''))
})

/** Each beside the version before it, whatever has been removed in between. */
async function withChanges(
  { db }: Context,
  shown: BundleVersion[],
  all: BundleVersion[],
): Promise<ComparedVersion[]> {
  const beforeOf = ({ id }: BundleVersion) => all[all.findIndex(each => each.id === id) + 1]
  const ids = shown.flatMap(each => [each.id, beforeOf(each)?.id ?? each.id])
  const rows = await db.scriptBundle.findMany({
    where: { id: { in: ids } },
    select: { id: true, files: true },
  })
  const files = new Map(rows.map(row => [row.id, row.files as unknown as BundleFile[]]))
  return shown.map(each => {
    const before = beforeOf(each)
    const [old, now] = [before && files.get(before.id), files.get(each.id) ?? []]
    return {
      ...each,
      ...{
        files: now.length,
        before: before?.version ?? null,
        changes: old ? pathsOf(compareBundles(old, now)) : null,
      },
    }
  })
}

function pathsOf({ added, removed, changed }: BundleChanges): ChangedPath[] {
  const signed = (sign: ChangedPath['sign'], paths: string[]) => paths.map(text => ({ sign, text }))
  return [...signed('+', added), ...signed('-', removed), ...signed('~', changed)]
}
