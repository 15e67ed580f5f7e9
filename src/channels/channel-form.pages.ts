import type { ChannelModel as Channel } from '../generated/prisma/models.ts'
import { parseInput } from '../http/input.ts'
import { fieldsOf } from '../http/page.ts'
import type { Sealer } from '../lib/sealer.ts'
import { CHANNEL_EVENTS, CHANNEL_KINDS, changedChannel, newChannel } from './channel-fields.ts'
import { shownUrl } from './shown-address.ts'

/** What the form shows; a part of a channel has a checkbox for each event and test item. */
export function channelValues(sealer: Sealer, channel: Channel): Record<string, unknown> {
  const { name, kind, enabled, events, testItemIds, language, recipients } = channel
  return {
    ...{ name, kind, language, enabled: enabled && 'on', url: shownUrl(sealer, channel) },
    recipients: recipients.join('\n'),
    ...Object.fromEntries(events.map(event => [`event_${event}`, 'on'])),
    ...Object.fromEntries(testItemIds.map(id => [`item_${id}`, 'on'])),
  }
}

export function newChannelIn(body: unknown) {
  const { kind = CHANNEL_KINDS[0] } = fieldsOf(body)
  return parseInput(newChannel, { ...channelIn(body, kind), kind })
}

export function changedChannelIn(body: unknown, { kind }: Channel) {
  return parseInput(changedChannel, channelIn(body, kind))
}

function channelIn(body: unknown, kind: string) {
  const typed = fieldsOf(body)
  const isOn = (name: string) => typed[name] === 'on'
  const itemIds = Object.keys(typed).flatMap(name => /^item_(\d+)$/.exec(name)?.[1] ?? [])
  const common = {
    name: typed.name ?? '',
    enabled: isOn('enabled'),
    events: CHANNEL_EVENTS.filter(event => isOn(`event_${event}`)),
    test_item_ids: itemIds.filter(id => isOn(`item_${id}`)).map(Number),
    language: typed.language,
  }
  if (kind === 'mail') return { ...common, recipients: addressesIn(typed.recipients) }
  // Empty: the secret that is there stays, but for a dash.
  const secret = typed.secret === '-' ? '' : typed.secret || undefined
  return { ...common, url: typed.url ?? '', secret }
}

function addressesIn(text = ''): string[] {
  const addresses = text.split(/[\s,;]+/).filter(Boolean)
  return [...new Set(addresses)]
}
