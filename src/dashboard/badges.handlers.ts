import type { Response } from 'express'
import * as z from 'zod'
import type { Context } from '../context.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParam } from '../http/input.ts'
import { page } from '../http/page.ts'
import { notFound } from '../lib/errors.ts'
import { drawBadge } from './badge.ts'

const SVG = 'image/svg+xml'
const params = z.object({ test_item_id: idParam })

export const badge = endpoint({
  summary: "Get an item's last verdict and pass rate as a picture, where the setting public_badges is on",
  params,
  answers: {},
  otherTypes: [SVG],
  handle: (ctx, { params: { test_item_id }, res }) => sendBadge(ctx, test_item_id, res),
})

/** The same at a short address. */
export const showBadge = page(async (ctx, { req, res }) => {
  const found = params.safeParse(req.params)
  await sendBadge(ctx, found.data?.test_item_id ?? 0, res)
})

/** Where badges are off, nobody learns which items there are. */
async function sendBadge({ db, settings, sharedReads }: Context, id: number, res: Response): Promise<void> {
  const { public_badges } = await settings.get()
  if (!public_badges) throw notFound('errors:no_badge')
  const svg = await sharedReads.read(`badge ${id}`, () => drawBadge(db, id))
  res.set('Cache-Control', 'public, max-age=60').type(SVG).send(svg)
}
