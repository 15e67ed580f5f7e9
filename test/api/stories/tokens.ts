import type { StoryWorld } from '../story-world.ts'

/** A token from its creation to its end, sessions and the audit, as those see them who may. */
export async function tokens({ admin, liWei, nobody }: StoryWorld): Promise<void> {
  const created = await admin.post('/tokens', { name: 'jenkins', scopes: ['webhook'] })
  await admin.get('/tokens')
  for (const client of [liWei, nobody]) await client.post('/tokens', { name: 'mine', scopes: ['read'] })
  await admin.post('/tokens', { name: 'jenkins', scopes: ['read'] })
  await admin.post('/tokens', { name: 'other', scopes: ['everything'] })
  await admin.delete(`/tokens/${created.data.id}`)
  await admin.delete(`/tokens/${created.data.id}`)

  const { data } = await liWei.get('/sessions?limit=1')
  await nobody.get('/sessions')
  await liWei.delete('/sessions/4711')
  await liWei.get('/audit')
  await admin.get('/audit?action=create%20token&limit=1')
  await admin.delete(`/sessions/${data[0].id}`)
}
