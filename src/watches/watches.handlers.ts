import * as z from 'zod'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { follow, listWatches, type NamedWatch, unfollow } from './watches.ts'

const watchShape = z
  .object({
    id: z.int(),
    test_item_id: z.int().nullable().describe('null: one run is followed'),
    run_id: z.int().nullable(),
    name: z.string().describe('Of the test item'),
    created_at: time,
  })
  .meta({ id: 'Watch' })

export const watchedName = ({ testItem, run }: NamedWatch): string =>
  testItem?.name ?? (run ? `${run.itemName} #${run.buildNumber}` : '')

export const list = endpoint({
  summary: 'List what one follows oneself',
  answers: { 200: z.object({ data: z.array(watchShape) }) },
  async handle({ db }, { person }) {
    const watches = await listWatches(db, person.email)
    return {
      data: watches.map(watch => ({
        id: watch.id,
        test_item_id: watch.testItemId,
        run_id: watch.runId,
        name: watchedName(watch),
        created_at: watch.createdAt,
      })),
    }
  },
})

export const followItem = endpoint({
  summary: 'Follow a test item: a mail at the end of each of its runs',
  params: idParams,
  answers: { 200: message },
  async handle({ db }, { params, person }) {
    await follow(db, person, { testItemId: params.id })
    return { message: 'You follow the test item' }
  },
})

export const unfollowItem = endpoint({
  summary: 'Follow a test item no longer',
  params: idParams,
  answers: { 200: message },
  async handle({ db }, { params, person }) {
    await unfollow(db, person, { testItemId: params.id })
    return { message: 'You no longer follow the test item' }
  },
})

export const followRun = endpoint({
  summary: 'Follow a run: a mail at its end',
  params: idParams,
  answers: { 200: message },
  async handle({ db }, { params, person }) {
    await follow(db, person, { runId: params.id })
    return { message: 'You follow the run' }
  },
})

export const unfollowRun = endpoint({
  summary: 'Follow a run no longer',
  params: idParams,
  answers: { 200: message },
  async handle({ db }, { params, person }) {
    await unfollow(db, person, { runId: params.id })
    return { message: 'You no longer follow the run' }
  },
})
