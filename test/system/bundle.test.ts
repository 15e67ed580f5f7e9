import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProgram } from '../config/server-process.ts'
import { emptyDatabase } from '../postgres/empty-database.ts'
import { ApiClient } from '../world/api-client.ts'

const inProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

describe('the bundle that npm start runs', () => {
  before(() => void execFileSync(process.execPath, [inProject('scripts/lib/bundle.mjs')]))

  it('sets up an empty database, serves all that the sources serve, and stops in order', async () => {
    const env = { DATABASE_URL: await emptyDatabase(), JWT_SECRET: 'b1c8d4a6f09e72537e1d0a94c6b85f32' }
    const crat = await startProgram(inProject('dist/server.js'), env)
    const url = await crat.ready()
    const liWei = await new ApiClient(url).logIn('li.wei@example.com')
    assert.equal((await liWei.get('/builds')).status, 200)
    for (const path of ['/login', '/app.css', '/api/v1/openapi.json', '/metrics']) {
      const answer = await fetch(url + path)
      assert.equal(answer.status, 200, path)
      await answer.arrayBuffer()
    }
    crat.process.kill('SIGTERM')
    assert.equal((await crat.ended()).status, 0)
  })
})
