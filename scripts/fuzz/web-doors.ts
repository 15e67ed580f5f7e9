import fc from 'fast-check'
import type { Door } from './door.ts'
import { damaged, headerText, json, objectLike, plainText, scalar, text } from './inputs.ts'
import type { Request, Requests } from './requests.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const address = fc.oneof(
  text,
  text.map(part => `${part}@example.com`),
  fc.emailAddress(),
  fc.emailAddress(),
)
const line = fc.oneof(text, plainText, plainText, plainText)
const url = fc.oneof(
  text,
  fc.webUrl(),
  ...Array(6).fill(fc.constantFrom('', 'http://10.8.24.59:8080/a', 'http://li:pass@build.example/')),
  text.map(part => `http://${part}/`),
)

const build = objectLike({
  JOB_NAME: line,
  BUILD_NUMBER: fc.oneof(fc.nat(), fc.nat(), fc.nat(), fc.integer(), text),
  PACKAGE_PATH: line,
  BUILD_USER: line,
})
const settings = objectLike({
  project_name: line,
  package_download_base_url: url,
  external_test_server_url: url,
  package_build_info_base_url: url,
  max_queue_hours: fc.oneof(fc.integer({ min: 1, max: 100 }), scalar),
})
const parameters = objectLike({
  name: line,
  description: line,
  parameters: objectLike({ base_url: url, db_password: scalar, test_path: line, more: json }),
  secret_parameters: fc.array(fc.oneof(fc.constantFrom('more', 'test_path'), line), { maxLength: 3 }),
})

/** The requests that a stranger, a user or an admin sends. */
export function webDoors({ door }: Requests, admin: string, user: string): Door[] {
  const as = (token: string) => ({ ...JSON_TYPE, authorization: `Bearer ${token}` })

  const withBody = (name: string, parts: Omit<Request, 'body'>, body: fc.Arbitrary<unknown>) =>
    door(
      name,
      damaged(body).map(bytes => ({ ...parts, body: bytes })),
    )

  return [
    withBody('webhook', { method: 'POST', path: '/api/v1/builds', headers: JSON_TYPE }, build),
    door('login', loginRequests()),
    withBody('settings', { method: 'PUT', path: '/api/v1/settings', headers: as(admin) }, settings),
    withBody(
      'parameters',
      { method: 'POST', path: '/api/v1/parameter-sets', headers: as(admin) },
      parameters,
    ),
    withBody(
      'parameters',
      { method: 'PUT', path: '/api/v1/parameter-sets/1', headers: as(admin) },
      parameters,
    ),
    door('cookies', pageRequests(user)),
  ]
}

/** From many addresses, or the limit of failed logins would answer them all. */
function loginRequests(): fc.Arbitrary<Request> {
  const body = damaged(objectLike({ email: address, password: fc.oneof(text, fc.constant('')) }))
  return fc.tuple(body, fc.ipV4(), headerText).map(([bytes, ip, agent]) => ({
    ...{ method: 'POST', path: '/api/v1/auth/login', body: bytes },
    headers: { ...JSON_TYPE, 'x-forwarded-for': ip, 'user-agent': agent },
  }))
}

const PAGES = ['/', '/login', '/runs', '/builds', '/parameter-sets', '/settings', '/tests/1', '/runs/1']
const QUERIES = [
  'q',
  'offset',
  'job_name',
  'status',
  'outcome',
  'tab',
  'triggered_by',
  'jobs_offset',
  '__proto__',
]

function pageRequests(token: string): fc.Arbitrary<Request> {
  const cookie = fc.oneof(
    headerText,
    fc
      .tuple(fc.constantFrom('crat_session', 'lang', 'theme', 'flash', 'csrf'), headerText)
      .map(p => p.join('=')),
    headerText.map(part => `crat_session=${token}; lang=${part}; flash=${part}`),
  )
  const query = fc.dictionary(fc.constantFrom(...QUERIES), text, { maxKeys: 3 })
  return fc
    .tuple(fc.constantFrom(...PAGES), query, cookie, headerText)
    .map(([path, fields, value, language]) => ({
      method: 'GET',
      path: `${path}?${new URLSearchParams(fields)}`.replace(/%25/g, '%'),
      headers: { cookie: value, 'accept-language': language },
    }))
}
