import * as z from 'zod'
import type { DigestSubscriptionModel as Subscription } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { message } from '../http/shapes.ts'
import { problem } from '../lib/validation.ts'
import { endDigest, findDigest, subscribeToDigest } from './digest-subscriptions.ts'

const CHOICES = ['watched', 'all'] as const

const digestShape = z.object({ items: z.enum(CHOICES).nullable().describe('null: no digest') })
const present = (digest: Subscription | null) => ({
  data: { items: digest && CHOICES[Number(digest.allItems)] },
})

export const get = endpoint({
  summary: "Get one's own weekly digest",
  answers: { 200: z.object({ data: digestShape }) },
  handle: async ({ db }, { person }) => present(await findDigest(db, person.email)),
})

export const subscribe = endpoint({
  summary: 'Have a weekly digest, of what one follows or of all test items',
  body: z.object({ items: z.enum(CHOICES, problem('one_of', { values: CHOICES.join(', ') })) }),
  answers: { 200: message.extend({ data: digestShape }) },
  async handle({ db }, { body, person }) {
    const digest = await subscribeToDigest(db, person, { allItems: body.items === 'all' })
    return { message: 'You get the weekly digest', ...present(digest) }
  },
})

export const end = endpoint({
  summary: 'Have no weekly digest',
  answers: { 200: message },
  async handle({ db }, { person }) {
    await endDigest(db, { email: person.email })
    return { message: 'You get no weekly digest' }
  },
})
