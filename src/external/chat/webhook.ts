import { createHmac } from 'node:crypto'
import type { ChatRequest, Target } from './types.ts'

/** The signature lets the receiver know who wrote the body; the delivery id, whether it has seen it. */
export function webhookRequest({ url, secret }: Target, deliveryId: string, body: string): ChatRequest {
  const headers = { 'content-type': 'application/json', 'x-crat-delivery': deliveryId }
  if (!secret) return { url, headers, body }
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return { url, headers: { ...headers, 'x-crat-signature': signature }, body }
}
