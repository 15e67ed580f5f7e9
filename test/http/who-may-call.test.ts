import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { API } from '../../src/routes.ts'
import { ApiClient, startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const stranger = new ApiClient(world.url, 'a token that nobody gave out')

/** As the contract says; what is not named here is for users. */
const PUBLIC = ['POST /auth/login', 'POST /builds', 'GET /version']
const ADMIN = [
  'DELETE /builds/:id',
  'POST /builds/job-names',
  'DELETE /builds/job-names/*job_name',
  'POST /builds/job/*job_name/prune',
  'DELETE /job-versions/*job_name',
  'POST /test-items',
  'PUT /test-items/:id',
  'DELETE /test-items/:id',
  'DELETE /test-items/:id/deploy-history',
  'PUT /settings',
  'PUT /settings/:key',
  'POST /parameter-sets',
  'PUT /parameter-sets/:id',
  'DELETE /parameter-sets/:id',
  'POST /environments',
  'PUT /environments/:id',
  'DELETE /environments/:id',
  'POST /environments/:id/check',
  'POST /deploy-test-runs/:id/move',
]

const routes = API.map(([method, path]) => ({
  name: `${method} ${path}`,
  method,
  // Nothing of that id or name exists: who may call is told 404 or 400, not 401 or 403.
  path: path.replace(':id', '4711').replace(':key', 'nope').replace('*job_name', 'nobody'),
}))

describe('who may call what', () => {
  for (const { name, method, path } of routes) {
    it(name, async () => {
      const call = (client: ApiClient) => client.call(method, path)

      for (const client of [world.anyone, stranger]) {
        const { status, body } = await call(client)
        assert.equal(status === 401, !PUBLIC.includes(name), `${status}: ${body.error}`)
        if (status === 401) assert.equal(body.code, 'not_logged_in')
      }
      if (name === 'POST /auth/logout' || name === 'POST /auth/refresh') return

      const user = await call(world.liWei)
      assert.equal(user.status === 403, ADMIN.includes(name), `${user.status}: ${user.body.error}`)
      if (user.status === 403) assert.equal(user.body.code, 'admins_only')
      assert.notEqual(user.status, 401)

      const admin = await call(world.admin)
      assert.ok(![401, 403].includes(admin.status), `${admin.status}: ${admin.body.error}`)
    })
  }

  it('every row of the contract is there', () => {
    const names = new Set(routes.map(({ name }) => name))
    for (const row of [...PUBLIC, ...ADMIN]) assert.ok(names.has(row), row)
  })
})

describe('outside the base path, for everyone', () => {
  it('the process says that it lives', async () => {
    const answer = await fetch(`${world.url}/health`)
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), { status: 'ok', service: 'crat' })
  })

  it('and that it can work', async () => {
    const answer = await fetch(`${world.url}/ready`)
    assert.equal(answer.status, 200)
    const { status, service, away } = JSON.parse(await answer.text())
    assert.deepEqual({ status, service, away }, { status: 'ok', service: 'crat', away: [] })
  })
})
