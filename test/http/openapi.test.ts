import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { API } from '../../src/routes.ts'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const { status, body: api } = await world.anyone.get('/openapi.json')

// biome-ignore format: a table
const CONTRACT = `
  POST /auth/login  POST /auth/logout  GET /auth/me  POST /auth/refresh
  POST /builds  GET /builds  GET /builds/{id}  DELETE /builds/{id}
  GET /builds/job-names  POST /builds/job-names  DELETE /builds/job-names/{job_name}
  GET /builds/job/{job_name}  GET /builds/job/{job_name}/latest  POST /builds/job/{job_name}/prune
  GET /job-versions  GET /job-versions/{job_name}  GET /job-versions/{job_name}/history  PUT /job-versions
  POST /job-versions/{job_name}/sync  POST /job-versions/auto-sync  DELETE /job-versions/{job_name}
  GET /test-items  GET /test-items/{id}  POST /test-items  PUT /test-items/{id}  DELETE /test-items/{id}
  POST /test-items/{id}/deploy-test  GET /test-items/{id}/deploy-runs  DELETE /test-items/{id}/deploy-history
  GET /deploy-test-runs  GET /deploy-test-runs/{id}  GET /deploy-test-runs/queue
  POST /deploy-test-runs/{id}/cancel  POST /deploy-test-runs/{id}/retry  GET /processing-count
  GET /settings  GET /settings/{key}  PUT /settings  PUT /settings/{key}
  GET /parameter-sets  GET /parameter-sets/{id}  GET /parameter-sets/{id}/versions
  POST /parameter-sets  PUT /parameter-sets/{id}  DELETE /parameter-sets/{id}  GET /version`
  .trim().split(/\s{2,}/)

interface Operation {
  summary: string
  security: Record<string, string[]>[]
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { required: boolean; content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>
}

const operations = Object.entries<Record<string, Operation>>(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation,
  })),
)

describe("the API's description", () => {
  it('is OpenAPI 3.1, for everyone', () => {
    assert.equal(status, 200)
    assert.match(api.openapi, /^3\.1\.\d+$/)
    assert.deepEqual(
      [typeof api.info.title, typeof api.info.version, api.servers],
      ['string', 'string', [{ url: 'http://crat.example/api/v1' }]],
    )
  })

  it('has every row of the contract, and every route', () => {
    const names = operations.map(({ name }) => name)
    for (const row of CONTRACT) assert.ok(names.includes(row), row)
    const routes = API.map(([method, path]) => `${method} ${path.replace(/[:*](\w+)/g, '{$1}')}`)
    assert.deepEqual(names.toSorted(), routes.toSorted())
  })

  for (const { name, path, operation } of operations)
    it(name, () => {
      assert.ok(operation.summary)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      const parameters = operation.parameters.filter(parameter => parameter.in === 'path')
      assert.deepEqual(
        parameters.map(parameter => parameter.name),
        inPath,
      )
      assert.ok(parameters.every(parameter => parameter.required))
      for (const parameter of operation.parameters)
        assert.ok(
          'type' in parameter.schema || 'anyOf' in parameter.schema || 'enum' in parameter.schema,
          parameter.name,
        )
      for (const requirement of operation.security)
        for (const scheme of Object.keys(requirement)) assert.ok(scheme in api.components.securitySchemes)
      assert.ok(operation.responses.default, 'errors')
      assert.ok(Object.keys(operation.responses).some(code => /^2\d\d$/.test(code)))
      for (const { description, content } of Object.values(operation.responses)) {
        assert.ok(description)
        assert.ok(Object.values(content)[0]?.schema)
      }
    })

  it('refers only to what it has', () => {
    const references = new Set(
      [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? ''),
    )
    assert.ok(references.size >= 6, [...references].join())
    for (const reference of references) {
      const target = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce((part, key) => part?.[key], api)
      assert.ok(target?.type, reference)
    }
  })

  it('tells what each call needs', () => {
    const { post: announce, get: list } = api.paths['/builds']
    const { schema } = announce.requestBody.content['application/json']
    assert.deepEqual(schema.required, ['JOB_NAME', 'PACKAGE_PATH', 'BUILD_NUMBER'])
    assert.equal(announce.requestBody.required, true)
    assert.deepEqual(list.parameters.map((parameter: { name: string }) => parameter.name).sort(), [
      'job_name',
      'limit',
      'offset',
    ])
    const limit = list.parameters.find((parameter: { name: string }) => parameter.name === 'limit')
    assert.deepEqual([limit.schema.type, limit.schema.minimum, limit.schema.maximum], ['integer', 1, 100])
    const job = list.parameters.find((parameter: { name: string }) => parameter.name === 'job_name')
    assert.deepEqual(job.schema.anyOf[1], { type: 'string', maxLength: 0 }, 'an empty filter is none')
    assert.match(job.schema.anyOf[0].pattern, /^\^/)
    assert.equal(api.paths['/test-items/{id}/deploy-test'].post.requestBody.required, false)
    assert.deepEqual(api.paths['/settings'].put.security, [{ bearer: [] }])
    assert.deepEqual(api.paths['/version'].get.security, [])
  })
})
