import { createHmac, type KeyObject } from 'node:crypto'
import { sameSecret } from '../lib/same-secret.ts'

const VALID_MS = 12 * 3_600_000

/**
 * Addresses of kept reports. What a report loads carries no cookie, because it has no origin of its own: the address
 * says that it may, until it expires.
 */
export function createReportUrls(key: KeyObject) {
  const signatureOf = (runId: number, expires: string) =>
    createHmac('sha256', key).update(`report ${runId} ${expires}`).digest('base64url')
  return {
    pathOf(runId: number, file: string): string {
      const expires = (Date.now() + VALID_MS).toString(36)
      const path = file.split('/').map(encodeURIComponent).join('/')
      return `/kept-reports/${runId}/${expires}.${signatureOf(runId, expires)}/${path}`
    },
    isValid(runId: number, token: string): boolean {
      const [expires = '', signature = ''] = token.split('.')
      return sameSecret(signature, signatureOf(runId, expires)) && Number.parseInt(expires, 36) > Date.now()
    },
  }
}
