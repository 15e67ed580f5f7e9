import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export const CLIENT = { id: 'crat', secret: 'known to both' }

/** What it tells of each account; whoever is not listed is `NAME@example.com`, in no group. */
const CLAIMS: Record<string, object> = {
  'zhang.hua': { groups: ['staff', 'crat-admins'] },
  unverified: { email_verified: false },
  nameless: { email: undefined },
  guest: { email: 'guest@elsewhere.net' },
}

export interface IdentityProvider {
  issuer: string
  /** Logs in there as a browser does that was sent to `url`; returns where it sends that browser back to. */
  signIn(url: string, login: string): Promise<string>
  close(): Promise<void>
}

/** A real OpenID Connect provider on loopback; its own pages let everyone in under any name. */
export async function startIdentityProvider(redirectUrl: string): Promise<IdentityProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUrl] }],
    cookies: { keys: ['only for this provider'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, ...CLAIMS[id] }),
    }),
  })
  server.on('request', provider.callback())
  return {
    issuer,
    signIn: (url, login) => signIn(issuer, url, login),
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function signIn(issuer: string, url: string, login: string): Promise<string> {
  const cookies = new Map<string, string>()
  let next: { url: string; form?: Record<string, string> } = { url }
  for (let step = 0; step < 20; step += 1) {
    if (!next.url.startsWith(issuer)) return next.url
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer: Response = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie },
      ...(next.form && { method: 'POST', body: new URLSearchParams(next.form) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    const html = await answer.text()
    if (location) next = { url: new URL(location, issuer).href }
    else next = { url: actionOf(html, issuer), form: { prompt: promptOf(html), login, password: 'any' } }
  }
  throw new Error('the provider does not come to an end')
}

function actionOf(html: string, issuer: string): string {
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1]
  if (!action) throw new Error(html)
  return new URL(action, issuer).href
}

const promptOf = (html: string) => /name="prompt" value="(\w+)"/.exec(html)?.[1] ?? ''
