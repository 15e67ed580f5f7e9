import { resolve } from 'node:path'
import type { Request, Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParam } from '../http/input.ts'
import { time } from '../http/shapes.ts'
import { AppError, forbidden } from '../lib/errors.ts'
import { bundleName } from './bundle-name.ts'
import { bundlePath, MAX_BUNDLE_BYTES } from './bundle-store.ts'
import * as bundles from './script-bundles.ts'

const bundleShape = z
  .object({
    name: z.string(),
    version: z.int(),
    sha256: z.string(),
    size: z.int().describe('In bytes'),
    created_at: time,
    created_by: z.string(),
  })
  .meta({ id: 'ScriptBundle' })

function presentBundle({ name, version, sha256, size, createdAt, createdBy }: bundles.BundleVersion) {
  return { name, version, sha256, size, created_at: createdAt, created_by: createdBy }
}

const GZIP = 'application/gzip'
const nameParams = z.object({ name: bundleName })
const oneBundle = z.object({ data: bundleShape })
const allBundles = z.object({ data: z.array(bundleShape) })

export const list = endpoint({
  summary: 'List the script bundles, each in its newest version',
  answers: { 200: allBundles },
  handle: async ctx => ({ data: (await bundles.listScriptBundles(ctx.db)).map(presentBundle) }),
})

export const versions = endpoint({
  summary: 'List the versions of a script bundle, newest first',
  params: nameParams,
  answers: { 200: allBundles },
  handle: async (ctx, { params }) => ({
    data: (await bundles.listBundleVersions(ctx.db, params.name)).map(presentBundle),
  }),
})

export const store = endpoint({
  summary: 'Store a new version of a script bundle, a .tgz; the same bytes again are the version they were',
  params: nameParams,
  file: GZIP,
  answers: { 200: oneBundle, 201: oneBundle },
  async handle(ctx, { params, req, res, person }) {
    refuseTooLarge(req)
    const { bundle, isNew } = await bundles.storeScriptBundle(ctx, params.name, req, person)
    res.status(isNew ? 201 : 200)
    return { data: presentBundle(bundle) }
  },
})

/** Before it is sent; what does not say its size is measured as it comes. */
function refuseTooLarge(req: Request): void {
  if (Number(req.headers['content-length'] ?? 0) <= MAX_BUNDLE_BYTES) return
  throw new AppError('errors:too_large', { limit: MAX_BUNDLE_BYTES }, { status: 413 })
}

export const file = endpoint({
  summary: 'Get the file of a version of a script bundle',
  params: nameParams.extend({ version: idParam }),
  answers: {},
  otherTypes: [GZIP],
  async handle(ctx, { params, res }) {
    const { name, version } = params
    const { sha256 } = await bundles.getBundleVersion(ctx.db, name, version)
    await sendFile(ctx, sha256, res, `${name}-${version}.tgz`)
  },
})

export const signedFile = endpoint({
  summary: 'Get the file of a script bundle as a test server does, by an address that CRAT has signed',
  params: z.object({ sha256: z.string() }),
  query: z.object({ signature: z.string().optional() }),
  answers: {},
  otherTypes: [GZIP],
  async handle(ctx, { params, query, res }) {
    const { sha256 } = params
    if (!ctx.scriptBundles.isSigned(sha256, query.signature ?? '')) throw forbidden('errors:not_signed')
    await sendFile(ctx, sha256, res, 'scripts.tgz')
  },
})

function sendFile({ scriptBundles }: Context, sha256: string, res: Response, name: string): Promise<void> {
  const path = resolve(bundlePath(scriptBundles.folder, sha256))
  const headers = { 'Content-Type': GZIP, 'Content-Disposition': `attachment; filename="${name}"` }
  const options = { headers, dotfiles: 'allow', cacheControl: false } as const
  const missing = () => new AppError('errors:script_bundle_file_missing', { sha256 }, { status: 404 })
  return new Promise((sent, fail) =>
    // Once it has begun, an error is of who fetches it.
    res.sendFile(path, options, error => (error && !res.headersSent ? fail(missing()) : sent())),
  )
}
