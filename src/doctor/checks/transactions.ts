import { formatDuration } from '../../lib/format.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

/** `hiddenAge`: in transactions, where nobody says how long it is open. */
const LONG = { warnS: 600, failS: 3_600, hiddenAge: 1_000 }
const OLD_FREEZE = 1_500_000_000

/** An open transaction keeps dead rows from being removed, in every table. */
export const checkTransactions = (subject: Subject) => findLongTransactions(subject, LONG)

export async function findLongTransactions({ query }: Subject, long: typeof LONG): Promise<Finding[]> {
  const [oldest] = await query<{ pid: number; who: string; seconds: number }>(
    `SELECT pid, coalesce(nullif(application_name, ''), usename, '?') AS who,
       extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds
     FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
     ORDER BY xact_start LIMIT 1`,
  )
  // Without pg_read_all_stats the times of other roles cannot be read.
  const [hidden] = await query<{ number: number; role: string }>(
    `SELECT count(*)::int AS number, current_user AS role FROM pg_stat_activity
     WHERE datname = current_database() AND usesysid IS NOT NULL AND xact_start IS NULL AND pid <> pg_backend_pid()
       AND greatest(age(backend_xmin), age(backend_xid)) >= $1`,
    [long.hiddenAge],
  )
  const [prepared] = await query<{ number: number }>(
    `SELECT count(*)::int AS number FROM pg_prepared_xacts WHERE database = current_database() AND prepared < now() - interval '10 minutes'`,
  )
  const [age] = await query<{ age: number }>(
    'SELECT age(datfrozenxid)::int AS age FROM pg_database WHERE datname = current_database()',
  )
  const findings = [
    ...(oldest && oldest.seconds > long.warnS ? [longOpen(oldest, long)] : []),
    ...(hidden?.number ? [warning('doctor:transactions_hidden', hidden)] : []),
    ...(prepared?.number ? [failed('doctor:prepared_transactions', { number: prepared.number })] : []),
    ...((age?.age ?? 0) > OLD_FREEZE ? [failed('doctor:wraparound', { age: age?.age ?? 0 })] : []),
  ]
  const shown = formatDuration('en', (oldest?.seconds ?? 0) * 1000)
  return findings.length ? findings : [ok('doctor:transactions_ok', { oldest: shown })]
}

function longOpen(
  { pid, who, seconds }: { pid: number; who: string; seconds: number },
  { failS }: Pick<typeof LONG, 'failS'>,
): Finding {
  const params = { pid, who, since: formatDuration('en', seconds * 1000) }
  return seconds > failS
    ? failed('doctor:transaction_long', params)
    : warning('doctor:transaction_long', params)
}
