import type { StoryWorld } from '../story-world.ts'
import { ADMIN_ROUTES, split, USER_ROUTES } from './routes.ts'

/** Who may not: nobody what is for users, a user what is for admins, a browser what another site sends. */
export async function access({ nobody, liWei, admin }: StoryWorld): Promise<void> {
  for (const route of [...USER_ROUTES, ...ADMIN_ROUTES]) await nobody.send(split(route))
  for (const route of ADMIN_ROUTES) await liWei.send(split(route))

  const path = '/api/v1/auth/me'
  for (const authorization of ['Bearer', 'Bearer nonsense', 'Basic YWRtaW46eA==', `Bearer ${liWei.token}x`])
    await nobody.send({ path, headers: { authorization } })
  await nobody.send({ path, headers: { authorization: `bearer ${liWei.token}` } })

  const cookie = `crat_session=${admin.token}`
  await nobody.send({ path, headers: { cookie } })
  await nobody.send({ path, headers: { cookie: 'crat_session=nonsense' } })
  const change = { method: 'PUT', path: '/api/v1/settings', json: { project_name: 'forged' } }
  await nobody.send({ ...change, headers: { cookie } })
  await nobody.send({ ...change, headers: { cookie, 'x-csrf-token': 'nonsense' } })
  const headers = { 'sec-fetch-site': 'cross-site' }
  await nobody.send({ method: 'POST', path: '/api/v1/auth/login', json: { email: 'a@example.com' }, headers })
}
