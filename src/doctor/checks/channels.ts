import { type Finding, ok, type Subject, warning } from '../check.ts'

export async function checkChannels({ query }: Subject): Promise<Finding[]> {
  const [table] = await query<{ there: boolean }>(
    `SELECT to_regclass('public.channels') IS NOT NULL AS there`,
  )
  if (!table?.there) return [ok('doctor:no_channels')]
  const rows = await query<{ name: string; failed: number; late: number }>(
    `SELECT name, count(message.id) FILTER (WHERE status = 'failed')::int AS failed,
       count(message.id) FILTER (WHERE status = 'waiting')::int AS late
     FROM channels LEFT JOIN notifications AS message ON channel_id = channels.id AND (
       status = 'failed' AND message.created_at > now() - interval '7 days'
       OR status = 'waiting' AND attempts > 0 AND message.created_at < now() - interval '1 hour')
     WHERE enabled GROUP BY name ORDER BY name`,
  )
  if (!rows.length) return [ok('doctor:no_channels')]
  const findings = rows.flatMap(({ name, failed, late }) => [
    ...(failed ? [warning('doctor:channel_fails', { name, number: failed })] : []),
    ...(late ? [warning('doctor:channel_late', { name, number: late })] : []),
  ])
  return findings.length ? findings : [ok('doctor:channels_ok', { number: rows.length })]
}
