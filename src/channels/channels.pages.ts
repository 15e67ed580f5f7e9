import type { Context } from '../context.ts'
import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { flash } from '../http/flash.ts'
import { type Form, formAction, formOf, idOf, type PageRequest, page, submitForm } from '../http/page.ts'
import { template } from '../http/view.ts'
import { type DeliveryEntry, lastDeliveries, listDeliveriesTo } from '../notifications/outbox.ts'
import { listTestItems } from '../test-items/test-items.ts'
import { CHANNEL_EVENTS, CHANNEL_KINDS } from './channel-fields.ts'
import { changedChannelIn, channelValues, newChannelIn } from './channel-form.pages.ts'
import {
  changeChannel,
  createChannel,
  deleteChannel,
  getChannel,
  INITIAL_EVENTS,
  listChannels,
} from './channels.ts'
import { sendExample } from './send-example.ts'
import { shownUrl } from './shown-address.ts'

interface Choices {
  kinds: readonly string[]
  events: readonly string[]
  items: { id: number; name: string }[]
}

interface ShownChannel extends Channel {
  shownUrl: string | null
}

interface ChannelsPage extends Choices {
  channels: ShownChannel[]
  last: Map<number, DeliveryEntry>
  form: Form
}

interface ChannelPage extends Choices {
  channel: ShownChannel
  deliveries: DeliveryEntry[]
  form: Form
}

const channelsPage = template<ChannelsPage>('pages/settings-channels')
const channelPage = template<ChannelPage>('pages/channel')

const initial = {
  ...{ enabled: 'on', language: 'en' },
  ...Object.fromEntries(INITIAL_EVENTS.map(event => [`event_${event}`, 'on'])),
}

export const showChannels = page((ctx, request) =>
  renderChannels(ctx, request, formOf({ ...initial, language: request.person.locale })),
)

async function renderChannels(ctx: Context, { res }: PageRequest, form: Form, status?: number) {
  const [channels, choices] = await Promise.all([listChannels(ctx.db), choicesOf(ctx)])
  const last = await lastDeliveries(ctx.db)
  const shown = channels.map(channel => shownOf(ctx, channel))
  ctx.view.render(res, channelsPage, { channels: shown, last, form, ...choices }, status)
}

async function choicesOf({ db }: Context): Promise<Choices> {
  const items = await listTestItems(db)
  return { kinds: CHANNEL_KINDS, events: CHANNEL_EVENTS, items: items.map(({ id, name }) => ({ id, name })) }
}

function shownOf({ sealer }: Context, channel: Channel): ShownChannel {
  return { ...channel, url: null, secret: null, shownUrl: shownUrl(sealer, channel) }
}

export const submitNewChannel = page((ctx, request) =>
  submitForm(
    request,
    async () => {
      const { id, name } = await createChannel(ctx, newChannelIn(request.req.body), request.person)
      flash(request.res, 'done', 'pages:flash.channel_created', { name })
      return `/settings/channels/${id}`
    },
    (form, status) => renderChannels(ctx, request, form, status),
    'name',
  ),
)

export const showChannel = page(async (ctx, request) => {
  const channel = await getChannel(ctx.db, idOf(request.req))
  await renderChannel(ctx, request, channel, formOf(channelValues(ctx.sealer, channel)))
})

async function renderChannel(
  ctx: Context,
  { res }: PageRequest,
  channel: Channel,
  form: Form,
  status?: number,
) {
  const deliveries = await listDeliveriesTo(ctx.db, channel.id)
  const locals = { channel: shownOf(ctx, channel), deliveries, form, ...(await choicesOf(ctx)) }
  ctx.view.render(res, channelPage, locals, status)
}

export const submitChannel = page(async (ctx, request) => {
  const channel = await getChannel(ctx.db, idOf(request.req))
  await submitForm(
    request,
    async () => {
      const input = changedChannelIn(request.req.body, channel)
      const { name } = await changeChannel(ctx, channel.id, input, request.person)
      flash(request.res, 'done', 'pages:flash.channel_saved', { name })
      return `/settings/channels/${channel.id}`
    },
    (form, status) => renderChannel(ctx, request, channel, form, status),
    'name',
  )
})

/** A cookie holds it. */
const MAX_ANSWER = 1000

export const exampleAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/settings/channels/${id}`, async () => {
    const sender = { ...ctx, publicUrl: ctx.config.publicUrl }
    const { delivered, answer } = await sendExample(sender, id, person, person.locale)
    const key = delivered ? 'pages:flash.example_sent' : 'pages:flash.example_not_sent'
    flash(res, delivered ? 'done' : 'failed', key, { answer: answer.slice(0, MAX_ANSWER).toWellFormed() })
    return undefined
  })
})

export const deleteChannelAction = page(async (ctx, { req, res, person }) => {
  const id = idOf(req)
  await formAction(res, `/settings/channels/${id}`, async () => {
    const { name } = await deleteChannel(ctx, id, person)
    flash(res, 'done', 'pages:flash.channel_deleted', { name })
    return '/settings/channels'
  })
})
