import { ADMIN_PASSWORD } from '../../world/index.ts'
import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const WU_LEI = 'wu.lei@example.com'

/** Logging in, in every way that there is, and out. */
export async function sessions(world: StoryWorld): Promise<void> {
  await world.admin.get('/auth/me')
  await world.liWei.get('/auth/me')
  await logIn(world)
  await refuseLogin(world)
  await refreshAndLogOut(world)
}

async function logIn({ nobody }: StoryWorld): Promise<void> {
  await nobody.post('/auth/login', { email: WU_LEI, password: '' })
  await nobody.post('/auth/login', { email: WU_LEI, password: null })
  await nobody.post('/auth/login', { email: WU_LEI, password: ADMIN_PASSWORD })
}

/** Few passwords are wrong: too many would be another answer. */
async function refuseLogin({ nobody }: StoryWorld): Promise<void> {
  const tryWith = (body: object) => nobody.post('/auth/login', body)
  await tryWith({ email: WU_LEI, password: 'wrong' })
  await tryWith({ email: 'ADMIN', password: 'wrong' })
  for (const email of ['admin', 'wu.lei', 'wu.lei@example', `${'x'.repeat(260)}@example.com`])
    await tryWith({ email })
  await tryWith({ email: WU_LEI, password: 'x'.repeat(1001) })
  await sendWrongValues(tryWith, ['email', 'password'])
}

async function refreshAndLogOut({ nobody, as }: StoryWorld): Promise<void> {
  const opened = await nobody.post('/auth/login', { email: ' Zhao.Min@Example.com ' })
  const old = as('zhao min', opened.token)
  await old.get('/auth/me')
  const refreshed = as('zhao min, refreshed', (await old.post('/auth/refresh')).token)
  await old.get('/auth/me')
  await refreshed.get('/auth/me')
  await refreshed.post('/auth/logout')
  await refreshed.get('/auth/me')
  await refreshed.post('/auth/logout')
}
