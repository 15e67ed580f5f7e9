import type { ChatKind, ChatMessage } from '../external/chat/index.ts'

/** What is sent, as it is stored. */
export interface ChatPayload {
  message: ChatMessage
}

/** The body, but for `event` and `delivery_id`. */
export interface WebhookPayload {
  body: Record<string, unknown>
}

/** To an address of its own instead of a channel's. */
export interface CallbackPayload extends WebhookPayload {
  url: string
}

export type DeliveryPayload =
  | { kind: ChatKind; payload: ChatPayload }
  | { kind: 'webhook'; payload: WebhookPayload }
  | { kind: 'callback'; payload: CallbackPayload }
