import { createHmac } from 'node:crypto'
import { sameSecret } from '../lib/same-secret.ts'

/** What a link in a mail ends: `watch:12`, `digest:5` or `channel:3:<address>`. */
export type Subscription = `${'watch' | 'digest'}:${number}` | `channel:${number}:${string}`

export interface UnsubscribeLinks {
  urlOf(subscription: Subscription): string
  /** null: not one of ours. */
  read(token: string): Subscription | null
}

/** Whoever has a link may end that subscription, without a login. Links are signed with the first secret. */
export function createUnsubscribeLinks(secrets: readonly string[], publicUrl: string): UnsubscribeLinks {
  const sign = (secret: string, subscription: string) =>
    createHmac('sha256', secret).update(`unsubscribe ${subscription}`).digest('base64url')
  return {
    urlOf(subscription) {
      const name = Buffer.from(subscription).toString('base64url')
      return `${publicUrl}/unsubscribe/${name}.${sign(secrets[0] ?? '', subscription)}`
    },
    read(token) {
      const [name = '', signature = ''] = token.split('.')
      const subscription = Buffer.from(name, 'base64url').toString()
      const isOurs = secrets.some(secret => sameSecret(signature, sign(secret, subscription)))
      return isOurs ? (subscription as Subscription) : null
    },
  }
}
