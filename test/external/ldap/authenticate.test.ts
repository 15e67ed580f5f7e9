import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLdapDirectory, type LdapConfig, LdapError } from '../../../src/external/ldap/index.ts'
import {
  ADMIN_GROUP,
  BASE,
  type Directory,
  SERVICE,
  startDirectory,
  startTlsBefore,
} from '../../neighbours/directory.ts'

const plain = await startDirectory()
after(() => plain.close())
const secure = await startDirectory({ tls: true })
after(() => secure.close())
const upgraded = await startTlsBefore(plain)
after(() => upgraded.close())

/** Reaches this machine, but is not an address of which everyone knows that: it stands for another host. */
const elsewhere = ({ url }: Directory) => url.replace('127.0.0.1', '0.0.0.0')

const configFor = (url: string, more: Partial<LdapConfig> = {}): LdapConfig => ({
  ...{ url, bindDn: SERVICE.dn, bindPassword: SERVICE.password, searchBase: `ou=people,${BASE}` },
  ...{ filter: '(|(mail={{login}})(uid={{login}}))', adminGroup: ADMIN_GROUP, ...more },
})
const authenticate = (login: string, password: string, more: Partial<LdapConfig> = {}) =>
  createLdapDirectory(configFor(plain.url, more)).authenticate(login, password)

const ldapError = (key: string) => (error: unknown) => {
  assert.ok(error instanceof LdapError, String(error))
  assert.equal(error.key, key, error.message)
  return true
}

describe('who is in the directory', () => {
  it('proves it with the own password, by name or address', async () => {
    for (const login of ['li.wei', 'li.wei@example.com'])
      assert.deepEqual(await authenticate(login, 'password of li.wei'), {
        ...{ email: 'li.wei@example.com', inAdminGroup: false, groups: [] },
      })
  })

  it('is an admin as a member of the group, whichever side says so', async () => {
    assert.equal((await authenticate('zhang.hua', 'password of zhang.hua'))?.inAdminGroup, true)
    assert.equal((await authenticate('chen.jie', 'password of chen.jie'))?.inAdminGroup, true)
    const other = { adminGroup: `cn=nowhere,ou=groups,${BASE}` }
    assert.equal((await authenticate('chen.jie', 'password of chen.jie', other))?.inAdminGroup, false)
  })

  it('is refused with another password, with none, and where two have that address', async () => {
    for (const password of ['password of zhang.hua', '', SERVICE.password])
      assert.equal(await authenticate('li.wei', password), null)
    assert.equal(await authenticate('nobody', 'password of nobody'), null)
    assert.equal(await authenticate('twin@example.com', 'password of twin'), null)
    assert.equal(await authenticate('', 'password of li.wei'), null)
  })

  it('is found by what was typed, and by nothing that was smuggled into the filter', async () => {
    for (const login of ['*', 'li*', 'li.wei)(uid=*', '*)(|(uid=*', 'li.wei\\', 'li.wei\0'])
      assert.equal(await authenticate(login, 'password of li.wei'), null, login)
    assert.equal(plain.filters.at(-1), '(|(mail=li.wei\\00)(uid=li.wei\\00))')
    assert.ok(plain.filters.includes('(|(mail=\\2a)(uid=\\2a))'))
  })

  it('without an address is told so', async () => {
    await assert.rejects(authenticate('no.mail', 'password of no.mail'), ldapError('ldap:no_mail'))
  })
})

describe('the connection', () => {
  const liWei = (url: string) =>
    createLdapDirectory(configFor(url)).authenticate('li.wei', 'password of li.wei')

  it('is LDAPS, or upgraded by StartTLS', async () => {
    assert.equal((await liWei(secure.url))?.email, 'li.wei@example.com')
    assert.equal((await liWei(upgraded.url))?.email, 'li.wei@example.com')
  })

  it('to another host is never in plain text, nor to an unknown certificate', async () => {
    const before = plain.filters.length
    await assert.rejects(liWei(elsewhere(plain)), ldapError('ldap:no_starttls'))
    await assert.rejects(liWei(elsewhere(secure)), ldapError('ldap:tls'))
    await assert.rejects(liWei(elsewhere(upgraded)), ldapError('ldap:tls'))
    assert.equal(plain.filters.length, before)
  })

  it('… and to one that NODE_EXTRA_CA_CERTS names is made', async () => {
    const module = JSON.stringify(new URL('../../../src/external/ldap/index.ts', import.meta.url).href)
    const certificate = new URL('../../fixtures/tls/cert.pem', import.meta.url)
    for (const directory of [secure, upgraded]) {
      const script = `
        import { createLdapDirectory } from ${module}
        const directory = createLdapDirectory(${JSON.stringify(configFor(elsewhere(directory)))})
        console.log((await directory.authenticate('li.wei', 'password of li.wei')).email)`
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '--eval', script],
        {
          env: { ...process.env, NODE_EXTRA_CA_CERTS: fileURLToPath(certificate) },
        },
      )
      assert.equal(stdout.trim(), 'li.wei@example.com')
    }
  })

  it('that fails says why', async () => {
    await assert.rejects(liWei('ldap://127.0.0.1:1'), ldapError('ldap:failed'))
    await assert.rejects(authenticate('li.wei', 'x', { bindPassword: 'wrong' }), ldapError('ldap:bind'))
  })
})
