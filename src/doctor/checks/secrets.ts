import { SEALED_PLACES } from '../../backup/check-sealed.ts'
import { type Finding, failed, ok, type Subject, warning } from '../check.ts'

/** Whether what is sealed in the database can be opened with the secret of this process. */
export async function checkSecrets({ query, sealer }: Subject): Promise<Finding[]> {
  const rows = await query<{ place: string; value: unknown }>(SEALED_PLACES)
  if (!sealer) return [warning('doctor:no_secret')]
  const closed = rows.filter(({ value }) => !sealer.canOpen(value)).map(({ place }) => place)
  return closed.length
    ? [failed('doctor:sealed_otherwise', { places: closed.slice(0, 5).join(', '), number: closed.length })]
    : [ok('doctor:secrets_ok')]
}
