import type { StoryWorld } from '../story-world.ts'
import { ADMIN_ROUTES, PUBLIC_ROUTES, split, USER_ROUTES } from './routes.ts'

const PROTECTED = [...USER_ROUTES, ...ADMIN_ROUTES]
const NO_URLS = [
  '/api',
  '/api/',
  '/api/v1',
  '/api/v1/nope',
  '/api/v1/nope?x=<script>',
  '/api/v2/builds',
  '/api/v1/builds/1/nope',
  '/api/v1//builds',
  '/api/v1/../nope',
  '/api/v1/builds/%',
  '/api/v1/builds/job/%E4%BD',
  '/api/v1/settings/%zz',
]
const BAD_IDS = ['abc', '0', '-1', '1.5', '1e3', '2147483648', '99999999999', '%20', '7%00']
const BAD_PAGES = [
  'limit=0',
  'limit=101',
  'limit=x',
  'limit=',
  'limit=1&limit=2',
  'limit=1.5',
  'offset=-1',
  'offset=2147483648',
  'offset=x&limit=x',
]
const BAD_FILTERS = ['status=DONE', 'status=completed', 'test_item_id=x', 'status=&test_item_id=']

/** URLs that are none, methods that are not possible, ids, names and queries that cannot be. */
export async function urls(world: StoryWorld): Promise<void> {
  await tryNoUrls(world)
  await tryOtherMethods(world)
  await tryUnknown(world)
  await tryBadQueries(world)
}

async function tryNoUrls({ nobody, liWei }: StoryWorld): Promise<void> {
  for (const path of NO_URLS) await liWei.send({ path })
  for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    await nobody.send({ method, path: '/api/v1/nope' })
}

async function tryOtherMethods({ nobody, liWei }: StoryWorld): Promise<void> {
  const paths = new Set([...PUBLIC_ROUTES, ...PROTECTED].map(route => split(route).path))
  for (const path of paths) await nobody.send({ method: 'PATCH', path })
  await nobody.send({ method: 'HEAD', path: '/api/v1/auth/login' })
  await nobody.send({ method: 'OPTIONS', path: '/api/v1/builds' })
  for (const route of USER_ROUTES)
    if (route.startsWith('GET')) await liWei.send({ method: 'HEAD', path: split(route).path })
}

async function tryUnknown({ liWei, admin }: StoryWorld): Promise<void> {
  for (const route of PROTECTED) if (/4711|nobody/.test(route)) await admin.send(split(route))
  for (const route of PROTECTED)
    if (route.includes('4711')) await admin.send(split(route.replace('4711', 'x')))
  for (const route of PROTECTED)
    if (route.includes('nobody')) await admin.send(split(route.replace('nobody', 'a%00b')))
  for (const id of BAD_IDS) await liWei.get(`/builds/${id}`)
}

async function tryBadQueries({ liWei }: StoryWorld): Promise<void> {
  for (const query of BAD_PAGES) await liWei.get(`/builds?${query}`)
  for (const list of ['/builds/job/nobody', '/deploy-test-runs'])
    await liWei.get(`${list}?limit=500&offset=x`)
  for (const query of BAD_FILTERS) await liWei.get(`/deploy-test-runs?${query}`)
}
