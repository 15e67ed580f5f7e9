import type { StoryWorld } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const KEYS = [
  'project_name',
  'package_build_info_base_url',
  'package_download_base_url',
  'external_test_server_url',
  'query_interval',
  'query_timeout',
  'max_query_hours',
  'max_queue_hours',
  'auto_sync_interval_hours',
  'keep_runs_days',
  'keep_runs_per_item',
  'keep_builds_days',
  'keep_builds_per_job',
  'keep_mails_days',
  'keep_mails',
  'keep_audit_days',
  'keep_audit_entries',
]
const BAD_URLS = ['ftp://x.example', 'http://', '/build', 'javascript:alert(1)', 'http://[broken']

/** Read by everyone, changed by admins, all or nothing. */
export async function settings(world: StoryWorld): Promise<void> {
  await world.liWei.get('/settings')
  for (const key of [...KEYS, 'toString']) await world.liWei.get(`/settings/${key}`)
  await changeSeveral(world)
  await changeOne(world)
  await world.liWei.get('/settings')
}

async function changeSeveral({ admin }: StoryWorld): Promise<void> {
  const change = (body: unknown) => admin.put('/settings', body)
  await change({ project_name: ' CDN tests ', query_timeout: '12.5' })
  await change({ package_build_info_base_url: 'https://jenkins.example/job' })
  await change({ project_name: 'never', query_interval: 0 })
  await change({ project_name: 'never', nothing: 1 })
  for (const url of BAD_URLS) await change({ package_build_info_base_url: url })
  await change({ keep_runs_per_item: 0.5, keep_mails: '7.5', max_query_hours: 1e9, query_timeout: 'soon' })
  // An empty address may come to mean that there is none.
  await sendWrongValues(change, KEYS, { except: [''] })
}

async function changeOne({ admin }: StoryWorld): Promise<void> {
  for (const key of KEYS) await admin.put(`/settings/${key}`, { value: null })
  for (const key of ['project_name', 'external_test_server_url', 'query_interval', 'keep_mails']) {
    await admin.put(`/settings/${key}`, {})
    for (const value of [true, -1, 'a\u0000b', [], {}]) await admin.put(`/settings/${key}`, { value })
  }
  await admin.put('/settings/project_name', { value: 'CRAT' })
  await admin.put('/settings/query_timeout', { value: 30 })
  await admin.put('/settings/auto_sync_interval_hours', { value: '12' })
  for (const key of ['nothing', '__proto__']) await admin.put(`/settings/${key}`, { value: 1 })
}
