import { rawRequest } from '../../http/raw-request.ts'
import type { StoryWorld } from '../story-world.ts'

const FAILURES = 20

/** Whoever tries passwords has to wait, whoever logs in by address does not. Last of all: admins are out. */
export async function limits({ nobody, liWei, url }: StoryWorld): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: 'admin', password: 'wrong' })
  for (let failure = 0; failure < FAILURES; failure += 1)
    await rawRequest(url, { method: 'POST', path: '/api/v1/auth/login', headers, body })
  await nobody.post('/auth/login', { email: 'admin', password: 'wrong' })
  await nobody.post('/auth/login', { email: 'li.wei@example.com' })
  await liWei.get('/auth/me')
}
