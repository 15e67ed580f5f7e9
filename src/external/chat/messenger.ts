import type { Egress } from '../egress.ts'
import { exchange, type HttpAnswer, HttpError } from '../http-client.ts'
import { readStatus, wordsOf } from './answer.ts'
import { refusedBy, unreachable } from './chat-error.ts'
import { dingtalk } from './dingtalk.ts'
import { feishu } from './feishu.ts'
import { slack } from './slack.ts'
import type { ChatKind, ChatMessage, ChatRequest, ChatResult, ChatService, Target } from './types.ts'
import { webhookRequest } from './webhook.ts'
import { wecom } from './wecom.ts'

const TIMEOUT_MS = 15_000
const MAX_ANSWER_BYTES = 64 * 1024

export const CHAT_SERVICES: Record<ChatKind, ChatService> = { slack, dingtalk, wecom, feishu }

export interface Taken {
  status: number
  /** The server's words. */
  answer: string
}

/** Sends to chats and webhooks. Throws ChatError where a message is not taken. */
export interface Messenger {
  sendChat(kind: ChatKind, target: Target, messages: ChatMessage[]): Promise<Taken>
  sendWebhook(target: Target, delivery: { id: string; body: string }): Promise<Taken>
}

export function createMessenger(egress: Egress): Messenger {
  return {
    sendChat(kind, target, messages) {
      const service = CHAT_SERVICES[kind]
      return send(egress, service.request(target, messages, new Date()), service.read)
    },
    sendWebhook: (target, { id, body }) => send(egress, webhookRequest(target, id, body), readStatus),
  }
}

async function send(
  egress: Egress,
  { url, headers, body }: ChatRequest,
  read: (answer: HttpAnswer) => ChatResult,
): Promise<Taken> {
  const answer = await post(url, { headers, body, egress })
  const result = read(answer)
  if (result.result !== 'sent') throw refusedBy(new URL(url).host, answer, result)
  return { status: answer.status, answer: wordsOf(answer) }
}

async function post(
  url: string,
  request: { headers: Record<string, string>; body: string; egress: Egress },
): Promise<HttpAnswer> {
  const bounds = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES }
  try {
    return await exchange(url, { method: 'POST', ...request, ...bounds })
  } catch (error) {
    if (error instanceof HttpError) throw unreachable(url, error)
    throw error
  }
}
