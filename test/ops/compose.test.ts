import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const text = read('compose.yaml')
const { services, volumes } = parse(text)
const known = Object.keys(parseEnv(read('.env.example')))

it('every variable of CRAT is one of .env.example', () => {
  const unknown = Object.keys(services.crat.environment).filter(name => !known.includes(name))
  assert.deepEqual(unknown, [])
})

it('what it reads from .env is one of .env.example, or the password of PostgreSQL', () => {
  const read = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
  const unknown = read.filter(name => !known.includes(name) && name !== 'POSTGRES_PASSWORD')
  assert.deepEqual(unknown, [])
})

it('CRAT writes to its volumes and /tmp only, and waits for its database', () => {
  const { crat, postgres } = services
  assert.equal(crat.read_only, true)
  assert.deepEqual(crat.tmpfs, ['/tmp'])
  assert.deepEqual(crat.cap_drop, ['ALL'])
  assert.equal(crat.environment.DATA_DIR, '/data')
  assert.ok(crat.volumes.includes('data:/data'))
  assert.deepEqual(crat.depends_on, { postgres: { condition: 'service_healthy' } })
  assert.ok(postgres.healthcheck)
  const database = new URL(crat.environment.DATABASE_URL.replace(/\$\{[^}]*\}/, 'password'))
  const { POSTGRES_USER, POSTGRES_DB } = postgres.environment
  assert.deepEqual([database.username, database.pathname], [POSTGRES_USER, `/${POSTGRES_DB}`])
})

it('every volume with a name is declared', () => {
  const mounted = Object.values<{ volumes: string[] }>(services).flatMap(service => service.volumes)
  const named = mounted.map(volume => volume.split(':')[0] ?? '').filter(name => /^\w+$/.test(name))
  assert.deepEqual(named.sort(), Object.keys(volumes).sort())
})
