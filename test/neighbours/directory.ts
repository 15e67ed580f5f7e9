import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import ldap from 'ldapjs'

export const BASE = 'dc=example,dc=com'
export const SERVICE = { dn: `cn=crat,${BASE}`, password: 'searches the directory' }
export const ADMIN_GROUP = `cn=crat-admins,ou=groups,${BASE}`

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8')
const [certificate, key] = [fixture('cert.pem'), fixture('key.pem')]

interface Entry {
  dn: string
  password?: string
  attributes: Record<string, string[]>
}

const person = (uid: string, mail: string[], more: Record<string, string[]> = {}): Entry => ({
  dn: `uid=${uid},ou=people,${BASE}`,
  password: `password of ${uid}`,
  attributes: { objectclass: ['person'], uid: [uid], mail, ...more },
})

const ENTRIES: Entry[] = [
  person('li.wei', ['li.wei@example.com']),
  person('zhang.hua', ['zhang.hua@example.com'], {
    memberof: ['cn=crat-admins, ou=groups, dc=example,dc=com'],
  }),
  person('chen.jie', ['chen.jie@example.com']),
  person('boss', ['boss@example.com']),
  person('guest', ['guest@elsewhere.net']),
  person('no.mail', []),
  person('twin', ['twin@example.com']),
  person('other.twin', ['twin@example.com']),
  {
    dn: ADMIN_GROUP,
    attributes: { objectclass: ['groupOfNames'], member: [`uid=chen.jie,ou=people,${BASE}`] },
  },
]

export interface Directory {
  url: string
  /** Every search's filter, as it arrived. */
  filters: string[]
  close(): Promise<void>
}

type Next = (error?: unknown) => void

interface BindRequest {
  dn: ldap.DN
  credentials: string
}

interface SearchRequest {
  dn: ldap.DN
  /** 0 is the entry alone. */
  scope: number
  attributes: string[]
  filter: { matches(entry: object): boolean; toString(): string }
  connection: { ldap: { bindDN: ldap.DN } }
}

interface Result {
  attributes: string[]
  send(entry: object): void
  end(): void
}

/** A real LDAP server on loopback; `tls` serves LDAPS. */
export async function startDirectory({ tls = false } = {}): Promise<Directory> {
  const filters: string[] = []
  const server = ldap.createServer(tls ? { certificate, key } : {})
  server.bind(BASE, (req: BindRequest, res: Result, next: Next) => {
    const known = [SERVICE, ...ENTRIES].find(({ dn }) => ldap.parseDN(dn).equals(req.dn))
    if (known?.password === undefined || known.password !== req.credentials)
      return next(new ldap.InvalidCredentialsError())
    res.end()
    next()
  })
  server.search(BASE, (req: SearchRequest, res: Result, next: Next) => {
    if (!req.connection.ldap.bindDN.equals(ldap.parseDN(SERVICE.dn)))
      return next(new ldap.InsufficientAccessRightsError())
    filters.push(req.filter.toString())
    // ldapjs compares them with the names in lower case.
    res.attributes = req.attributes.map(name => name.toLowerCase())
    for (const { dn, attributes } of ENTRIES) {
      const inScope = req.scope === 0 ? req.dn.equals(ldap.parseDN(dn)) : req.dn.parentOf(dn)
      if (inScope && req.filter.matches(attributes)) res.send({ dn, attributes })
    }
    res.end()
    next()
  })
  const port = await new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve(Number(new URL(server.url).port))),
  )
  return {
    url: `${tls ? 'ldaps' : 'ldap'}://127.0.0.1:${port}`,
    filters,
    close: once(() => new Promise<void>(resolve => void server.close(() => resolve()))),
  }
}

/** A test may close it before its end. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => (closed ??= close())
}

/** The extended operation that asks for encryption, and "success". */
const START_TLS = '1.3.6.1.4.1.1466.20037'
const successOf = (id: number) => Buffer.from([0x30, 0x0c, 2, 1, id, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0])

/** Offers StartTLS before a directory that has none; what is not encrypted never reaches it. */
export async function startTlsBefore({ url }: Directory): Promise<Directory> {
  const target = Number(new URL(url).port)
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('data', (request: Buffer) => {
      if (!request.includes(START_TLS)) return socket.destroy()
      socket.write(successOf(request[4] ?? 0))
      const secure = new TLSSocket(socket, { isServer: true, cert: certificate, key })
      const behind = connect(target, '127.0.0.1')
      secure.on('error', () => behind.destroy())
      behind.on('error', () => secure.destroy())
      secure.pipe(behind).pipe(secure)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `ldap://127.0.0.1:${port}`,
    filters: [],
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
