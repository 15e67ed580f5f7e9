import * as z from 'zod'
import type { TestItemModel as TestItem } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { ifMatch, setETag } from '../http/etag.ts'
import { filter, idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { filledLine } from '../lib/fields.ts'
import { revisionOf } from '../lib/revision.ts'
import { itemFields, itemOutputs } from './item-fields.ts'
import * as testItems from './test-items.ts'

export const testItemShape = z
  .object({
    id: z.int(),
    ...itemOutputs,
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'TestItem' })

export function presentTestItem(item: TestItem) {
  return {
    id: item.id,
    ...itemFields(item),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
  }
}

const oneItem = z.object({ data: testItemShape })
const changedItem = message.extend({ data: testItemShape })

export const list = endpoint({
  summary: 'List all test items, or the one of a name',
  query: z.object({ name: filter(filledLine(200)) }),
  answers: { 200: z.object({ data: z.array(testItemShape) }) },
  handle: async (ctx, { query: { name } }) => ({
    data: (await testItems.listTestItems(ctx.db, { name })).map(presentTestItem),
  }),
})

export const get = endpoint({
  summary: 'Get a test item',
  params: idParams,
  answers: { 200: oneItem },
  async handle(ctx, { params, res }) {
    const item = await testItems.getTestItem(ctx.db, params.id)
    setETag(res, revisionOf(itemFields(item)))
    return { data: presentTestItem(item) }
  },
})

export const create = endpoint({
  summary: 'Create a test item',
  body: testItems.newTestItem,
  answers: { 201: changedItem },
  async handle(ctx, { body, person, res }) {
    const item = await testItems.createTestItem(ctx, body, person)
    res.status(201)
    return { message: 'Test item created', data: presentTestItem(item) }
  },
})

export const change = endpoint({
  summary: 'Change a test item',
  params: idParams,
  body: testItems.changedTestItem,
  answers: { 200: changedItem },
  async handle(ctx, { params, body, person, req, res }) {
    const item = await testItems.changeTestItem(ctx, params.id, body, person, ifMatch(req))
    setETag(res, revisionOf(itemFields(item)))
    return { message: 'Test item changed', data: presentTestItem(item) }
  },
})
