import { createHmac, type KeyObject } from 'node:crypto'
import { sameSecret } from '../lib/same-secret.ts'

/** Where a test server fetches a bundle. It has no account: the address itself says that it may. */
export function createBundleUrls(key: KeyObject, publicUrl: string) {
  const signatureOf = (sha256: string) =>
    createHmac('sha256', key).update(`script bundle ${sha256}`).digest('base64url')
  return {
    urlOf: (sha256: string) => `${publicUrl}/api/v1/script-files/${sha256}?signature=${signatureOf(sha256)}`,
    isSigned: (sha256: string, signature: string) => sameSecret(signature, signatureOf(sha256)),
  }
}
