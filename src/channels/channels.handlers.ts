import * as z from 'zod'
import type { Context } from '../context.ts'
import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { endpoint } from '../http/endpoint.ts'
import { idParams } from '../http/input.ts'
import { message, time } from '../http/shapes.ts'
import { LOCALES } from '../lib/i18n.ts'
import type { Person } from '../lib/person.ts'
import { CHANNEL_EVENTS, CHANNEL_KINDS, changedChannel, newChannel } from './channel-fields.ts'
import * as channels from './channels.ts'
import { sendExample } from './send-example.ts'
import { maskedRecipient, shownUrl } from './shown-address.ts'

const channelShape = z
  .object({
    id: z.int(),
    name: z.string(),
    kind: z.enum(CHANNEL_KINDS),
    enabled: z.boolean(),
    events: z.array(z.enum(CHANNEL_EVENTS)),
    test_item_ids: z.array(z.int()).describe('Empty: all'),
    language: z.enum(LOCALES),
    url: z.string().nullable().describe('Masked'),
    has_secret: z.boolean(),
    recipients: z.array(z.string()).describe('Masked but for admins'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Channel' })

const presentIn =
  ({ sealer }: Pick<Context, 'sealer'>, { isAdmin }: Person) =>
  (channel: Channel) => ({
    id: channel.id,
    name: channel.name,
    kind: channel.kind,
    enabled: channel.enabled,
    events: channel.events,
    test_item_ids: channel.testItemIds,
    language: channel.language,
    url: shownUrl(sealer, channel),
    has_secret: channel.secret !== null,
    recipients: isAdmin ? channel.recipients : channel.recipients.map(maskedRecipient),
    created_at: channel.createdAt,
    updated_at: channel.updatedAt,
  })

const oneChannel = message.extend({ data: channelShape })

export const list = endpoint({
  summary: 'List the channels that messages go to',
  answers: { 200: z.object({ data: z.array(channelShape) }) },
  handle: async (ctx, { person }) => ({
    data: (await channels.listChannels(ctx.db)).map(presentIn(ctx, person)),
  }),
})

export const create = endpoint({
  summary: 'Add a channel: a chat, a webhook or a list of addresses',
  body: newChannel,
  answers: { 201: oneChannel },
  async handle(ctx, { body, person, res }) {
    const channel = await channels.createChannel(ctx, body, person)
    res.status(201)
    return { message: 'Channel added', data: presentIn(ctx, person)(channel) }
  },
})

export const change = endpoint({
  summary: 'Change a channel, or switch it on or off',
  params: idParams,
  body: changedChannel,
  answers: { 200: oneChannel },
  async handle(ctx, { params, body, person }) {
    const channel = await channels.changeChannel(ctx, params.id, body, person)
    return { message: 'Channel changed', data: presentIn(ctx, person)(channel) }
  },
})

export const remove = endpoint({
  summary: 'Delete a channel; what waits for it is given up',
  params: idParams,
  answers: { 200: message },
  async handle(ctx, { params, person }) {
    await channels.deleteChannel(ctx, params.id, person)
    return { message: 'Channel deleted' }
  },
})

const exampleShape = z.object({
  delivered: z.boolean(),
  status: z.int().nullable().describe('Of an HTTP answer'),
  answer: z.string().describe("The server's words"),
})

export const test = endpoint({
  summary: 'Send an example to a channel now',
  params: idParams,
  answers: { 200: z.object({ data: exampleShape }) },
  async handle(ctx, { params, person }) {
    const sender = { ...ctx, publicUrl: ctx.config.publicUrl }
    const { delivered, status, answer } = await sendExample(sender, params.id, person, 'en')
    return { data: { delivered, status, answer } }
  },
})
