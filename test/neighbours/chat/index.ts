import { EventEmitter, once } from 'node:events'
import { type Answer, type HttpNeighbour, type SeenRequest, startHttpNeighbour } from '../http-neighbour.ts'
import * as rules from './rules.ts'

export { SECRET } from './rules.ts'

const MINUTE_MS = 60_000

interface Service {
  path: string
  check: rules.Rule
  ok: Answer
  tooFast: Answer
  /** A minute. */
  most: number
}

const SERVICES = {
  slack: {
    ...{ path: '/services/T000/B000/slack-token', check: rules.slack, most: 60 },
    ok: { body: 'ok' },
    tooFast: { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' },
  },
  dingtalk: {
    ...{ path: '/robot/send?access_token=ding-token', check: rules.dingtalk, most: 20 },
    ok: rules.json({ errcode: 0, errmsg: 'ok' }),
    tooFast: rules.json({ errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }),
  },
  wecom: {
    ...{ path: '/cgi-bin/webhook/send?key=wecom-key', check: rules.wecom, most: 20 },
    ok: rules.json({ errcode: 0, errmsg: 'ok' }),
    tooFast: rules.json({ errcode: 45009, errmsg: 'api freq out of limit' }),
  },
  feishu: {
    ...{ path: '/open-apis/bot/v2/hook/feishu-hook', check: rules.feishu, most: 100 },
    ok: rules.json({ StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' }),
    tooFast: rules.json({ code: 11232, msg: 'create message trigger rate limit', data: {} }),
  },
  webhook: {
    ...{ path: '/hook/jenkins', check: rules.webhook, most: Number.POSITIVE_INFINITY },
    ok: { status: 204 },
    tooFast: { status: 429 },
  },
} satisfies Record<string, Service>

export type ChatService = keyof typeof SERVICES
export const CHAT_SERVICES = Object.keys(SERVICES) as ChatService[]

export interface TakenMessage {
  kind: ChatService
  /** As it came. */
  text: string
  headers: SeenRequest['headers']
  at: number
}

export interface ChatNeighbour extends HttpNeighbour {
  addressOf(kind: ChatService): string
  /** What was answered to each request that was not taken. */
  refusals: string[]
  taken: TakenMessage[]
  waitForMessage(fits: (message: TakenMessage) => boolean): Promise<TakenMessage>
}

/** Slack, DingTalk, WeCom, Feishu and a webhook, as strict as their documentation. */
export async function startChatServices(): Promise<ChatNeighbour> {
  const taken: TakenMessage[] = []
  const refusals: string[] = []
  const arrivals = new EventEmitter().setMaxListeners(0)

  function answer(request: SeenRequest): Answer {
    const kind = CHAT_SERVICES.find(name => request.url.startsWith(firstPart(SERVICES[name].path)))
    if (!kind) return { status: 404, body: 'no_service' }
    const service: Service = SERVICES[kind]
    const refusal = service.check(request) ?? (isTooFast(kind, service) ? service.tooFast : null)
    if (refusal) {
      refusals.push(`${kind}: ${refusal.body}`)
      return refusal
    }
    taken.push({ kind, text: request.body, headers: request.headers, at: Date.now() })
    arrivals.emit('message')
    return service.ok
  }

  function isTooFast(kind: ChatService, { most }: Service): boolean {
    const since = Date.now() - MINUTE_MS
    return taken.filter(message => message.kind === kind && message.at > since).length >= most
  }

  const neighbour = await startHttpNeighbour(answer)
  return {
    ...neighbour,
    taken,
    refusals,
    addressOf: kind => `${neighbour.url}${SERVICES[kind].path}`,
    async waitForMessage(fits) {
      for (;;) {
        const message = taken.find(fits)
        if (message) return message
        await once(arrivals, 'message')
      }
    },
  }
}

const firstPart = (path: string) => path.slice(0, path.indexOf('/', 1))
