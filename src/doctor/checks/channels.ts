import { type Finding, ok, type Subject, warning } from '../check.ts'

export async function checkChannels({ query }: Subject): Promise<Finding[]> {
  const [table] = await query<{ there: boolean }>(
    `SELECT to_regclass('public.channels') IS NOT NULL AS there`,
  )
  if (!table?.there) return [ok('doctor:no_channels')]
  const rows = await query<{ name: string; failed: number }>(
    `SELECT name, (SELECT count(*)::int FROM notifications WHERE channel_id = channels.id AND status = 'failed'
         AND created_at > now() - interval '7 days') AS failed
     FROM channels WHERE enabled ORDER BY name`,
  )
  const failing = rows.filter(row => row.failed > 0)
  if (failing.length)
    return failing.map(row => warning('doctor:channel_fails', { name: row.name, number: row.failed }))
  return [rows.length ? ok('doctor:channels_ok', { number: rows.length }) : ok('doctor:no_channels')]
}
