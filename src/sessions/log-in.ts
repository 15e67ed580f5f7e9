import { recordChange } from '../audit/audit.ts'
import type { Store } from '../database/store.ts'
import { AppError } from '../lib/errors.ts'
import { isAdminPassword } from './admin-password.ts'
import { ADMIN, type Credentials, checkUserAddress } from './credentials.ts'
import { warnAdmins } from './failed-logins-mail.ts'
import { limitLogins } from './limit-logins.ts'
import { beginAttempt, forgetFailures, releaseAttempt } from './login-attempts.ts'
import { type Client, type LiveSession, openSession } from './open-session.ts'
import type { LoginMode, SessionRules } from './session-rules.ts'

export interface ProvenIdentity {
  email: string
  inAdminGroup: boolean
  groups: string[]
}

export interface Directory {
  authenticate(name: string, password: string): Promise<ProvenIdentity | null>
}

export interface Doors {
  sessions: SessionRules
  directory: Directory | null
}

/** With the admin's password: as an admin. Otherwise as LOGIN_MODE says. */
export async function logIn(
  store: Store,
  doors: Doors,
  input: Credentials,
  client: Client,
): Promise<LiveSession> {
  const mode = doors.sessions.loginMode
  if (methodOf(mode, input) === 'email') limitLogins(doors.sessions, client)
  return auditRefusal(
    store,
    { name: input.email || ADMIN, method: methodOf(mode, input) },
    client,
    async () => {
      if (methodOf(mode, input) === 'password') return logInAsAdmin(store, doors.sessions, input, client)
      if (mode === 'ldap') return logInByDirectory(store, doors, input, client)
      if (mode !== 'email') throw new AppError(`errors:login_by_${mode}`, {}, { status: 401 })
      checkUserAddress(doors.sessions, input.email)
      return openSession(store, doors.sessions, { email: input.email, isAdmin: false, method: mode }, client)
    },
  )
}

/** In a directory everyone has a password: the admin's is the one that comes without another's name. */
function methodOf(mode: LoginMode, { email, password }: Credentials): LoginMode | 'password' {
  if (!password) return mode
  return mode !== 'ldap' || email === ADMIN || email === '' ? 'password' : mode
}

async function logInAsAdmin(
  store: Store,
  rules: SessionRules,
  input: Credentials,
  client: Client,
): Promise<LiveSession> {
  const wrong = rules.adminTotpSecret ? 'errors:wrong_password_or_code' : 'errors:wrong_password'
  await limited(store, rules, { account: ADMIN, client, wrong }, async () =>
    (await isAdminPassword(store.db, rules, input)) ? true : null,
  )
  const opened = { email: input.email || ADMIN, isAdmin: true, method: 'password' } as const
  return openSession(store, rules, opened, client)
}

async function logInByDirectory(
  store: Store,
  { sessions: rules, directory }: Doors,
  { email: name, password }: Credentials,
  client: Client,
): Promise<LiveSession> {
  if (!directory || !password || !name) throw new AppError('errors:login_needs_password', {}, { status: 401 })
  const wrong = 'errors:wrong_directory_login'
  const identity = await limited(store, rules, { account: name, client, wrong }, () =>
    directory.authenticate(name, password),
  )
  return openProven(store, rules, 'ldap', identity, client)
}

interface Limited {
  account: string
  client: Client
  wrong: string
}

async function limited<T>(
  store: Store,
  rules: SessionRules,
  { account, client, wrong }: Limited,
  check: () => Promise<T | null>,
): Promise<T> {
  const attempt = await beginAttempt(store.db, account, client.ip)
  let found: T | null
  try {
    found = await check()
  } catch (error) {
    await releaseAttempt(store.db, attempt)
    throw error
  }
  if (found === null) {
    if (attempt.pauses) await warnAdmins(store, rules, { account, ip: client.ip })
    throw new AppError(wrong, {}, { status: 401 })
  }
  await forgetFailures(store.db, attempt)
  return found
}

export async function logInProven(
  store: Store,
  rules: SessionRules,
  method: LoginMode,
  identity: ProvenIdentity,
  client: Client,
): Promise<LiveSession> {
  return auditRefusal(store, { name: identity.email, method }, client, () =>
    openProven(store, rules, method, identity, client),
  )
}

async function openProven(
  store: Store,
  rules: SessionRules,
  method: LoginMode,
  identity: ProvenIdentity,
  client: Client,
): Promise<LiveSession> {
  const email = identity.email.trim().toLowerCase()
  checkUserAddress(rules, email)
  const isAdmin = identity.inAdminGroup || rules.adminEmails.includes(email)
  return openSession(store, rules, { email, isAdmin, method, groups: identity.groups }, client)
}

export async function auditRefusal<T>(
  { db }: Pick<Store, 'db'>,
  { name, method }: { name: string; method: string },
  { ip }: Client,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof AppError && [401, 403, 502].includes(error.status)) {
      const after = { method, reason: error.code }
      await recordChange(db, { actor: name, action: 'log in failed', subject: name, after, ip })
    }
    throw error
  }
}
