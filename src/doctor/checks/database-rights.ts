import { type Finding, failed, ok, type Subject } from '../check.ts'

interface Rights {
  user: string
  read_only: boolean
  may_create: boolean
  denied: string[]
}

export async function checkDatabaseRights({ query }: Subject): Promise<Finding[]> {
  const [rights] = await query<Rights>(
    `SELECT current_user AS user, pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only,
       has_schema_privilege('public', 'CREATE') AND has_database_privilege(current_database(), 'CREATE') AS may_create,
       coalesce((SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
           AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
             AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))), '{}') AS denied`,
  )
  if (!rights) return []
  const { user, denied } = rights
  const findings = [
    ...(rights.read_only ? [failed('doctor:database_read_only')] : []),
    ...(rights.may_create ? [] : [failed('doctor:may_not_create', { user })]),
    ...(denied.length
      ? [failed('doctor:tables_denied', { user, tables: denied.slice(0, 5).join(', ') })]
      : []),
  ]
  return findings.length ? findings : [ok('doctor:rights_ok', { user })]
}
