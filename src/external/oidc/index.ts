import type { Configuration, IDToken, UserInfoResponse } from 'openid-client'
import { ExternalError } from '../../lib/errors.ts'
import type { Params } from '../../lib/i18n.ts'
import { oneLine } from '../../lib/text.ts'

export interface OidcConfig {
  issuer: string
  clientId: string
  clientSecret: string
  redirectUrl: string
  adminGroups: readonly string[]
}

/** What the browser that began a login keeps until it comes back. */
export interface OidcChecks {
  state: string
  nonce: string
  verifier: string
}

export interface OidcIdentity {
  email: string
  inAdminGroup: boolean
  groups: string[]
}

export interface IdentityProvider {
  begin(): Promise<{ url: string; checks: OidcChecks }>
  /** `query`: what the provider added to the redirect URL, with its question mark. */
  finish(query: string, checks: OidcChecks): Promise<OidcIdentity>
}

export class OidcError extends ExternalError {
  constructor(key: string, params: Params, cause?: unknown) {
    super(key, params, { permanent: false, cause })
  }
}

const TIMEOUT_SECONDS = 10

export function createIdentityProvider(config: OidcConfig): IdentityProvider {
  const client = once(() => discover(config))
  return {
    begin: () => orOidcError(config, async () => begin(await client(), config)),
    finish: (query, checks) => orOidcError(config, async () => finish(await client(), config, query, checks)),
  }
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined
  return () => {
    found ??= find().catch(error => {
      found = undefined
      throw error
    })
    return found
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Configuration> {
  const { allowInsecureRequests, discovery } = await import('openid-client')
  const plain = issuer.startsWith('http:')
  return discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    execute: plain ? [allowInsecureRequests] : [],
  })
}

async function begin(
  client: Configuration,
  { redirectUrl }: OidcConfig,
): Promise<{ url: string; checks: OidcChecks }> {
  const oidc = await import('openid-client')
  const checks = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
  }
  const url = oidc.buildAuthorizationUrl(client, {
    redirect_uri: redirectUrl,
    scope: 'openid email profile',
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
  })
  return { url: url.href, checks }
}

async function finish(
  client: Configuration,
  config: OidcConfig,
  query: string,
  { state, nonce, verifier }: OidcChecks,
): Promise<OidcIdentity> {
  const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client')
  const tokens = await authorizationCodeGrant(client, new URL(`${config.redirectUrl}${query}`), {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  })
  const idToken = tokens.claims()
  if (!idToken) throw new OidcError('oidc:no_email', {})
  // Providers differ in where they put the address and the groups.
  const complete = idToken.email !== undefined && idToken.groups !== undefined
  const hasUserInfo = client.serverMetadata().userinfo_endpoint !== undefined
  const more = complete || !hasUserInfo ? {} : await fetchUserInfo(client, tokens.access_token, idToken.sub)
  return identityFrom(config, { ...more, ...idToken })
}

function identityFrom(
  { adminGroups }: OidcConfig,
  claims: Partial<IDToken & UserInfoResponse>,
): OidcIdentity {
  const { email, email_verified: verified } = claims
  if (typeof email !== 'string' || !email) throw new OidcError('oidc:no_email', {})
  // Whoever may type an address there would be anybody here.
  if (verified === false) throw new OidcError('oidc:email_not_verified', { email })
  const groups = [claims.groups ?? []].flat().map(String)
  return { email, groups, inAdminGroup: groups.some(group => adminGroups.includes(group)) }
}

async function orOidcError<T>({ issuer }: OidcConfig, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof OidcError) throw error
    throw oidcErrorFrom(issuer, error as Error & { code?: string; cause?: unknown; error?: string })
  }
}

function oidcErrorFrom(issuer: string, error: Error & { code?: string; error?: string }): OidcError {
  const { cause } = error
  const reason = oneLine(
    [error.message, cause instanceof Error ? cause.message : ''].filter(Boolean).join(': '),
  )
  const params = { issuer, reason: reason.slice(0, 300) }
  if (error.error === 'access_denied') return new OidcError('oidc:denied', params, error)
  return new OidcError('oidc:failed', params, error)
}
