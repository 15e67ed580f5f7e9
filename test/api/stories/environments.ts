import type { StoryWorld } from '../story-world.ts'

/** A second environment, from its creation to its end, and who may not touch it. */
export async function environments({ admin, liWei, nobody, cds }: StoryWorld): Promise<void> {
  await liWei.get('/environments')
  await nobody.get('/environments')
  const rack = { name: 'rack-2', test_server_url: 'http://127.0.0.1:9', labels: ['gpu'] }
  await liWei.post('/environments', rack)
  const { data } = await admin.post('/environments', rack)
  await admin.post('/environments', rack)
  await admin.post('/environments', { name: 'rack-3', test_server_url: 'ftp://rack-3' })
  await liWei.get(`/environments/${data.id}`)
  await liWei.get('/environments/4711')
  await admin.put(`/environments/${data.id}`, { state: 'paused' })
  await admin.post('/environments/4711/check')
  await admin.delete(`/environments/${data.id}`)
  await admin.delete('/environments/1')
  await admin.post('/environments/1/check')

  await admin.put('/settings', { queue_paused: true })
  const { data: queued } = await admin.post(`/test-items/${cds}/deploy-test`)
  await liWei.post(`/deploy-test-runs/${queued.run_id}/move`, { to: 'front' })
  await admin.post(`/deploy-test-runs/${queued.run_id}/move`, { to: 'front' })
  await admin.post(`/deploy-test-runs/${queued.run_id}/cancel`)
  await admin.put('/settings', { queue_paused: false })
}
