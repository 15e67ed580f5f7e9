import type { Sealer } from '../lib/sealer.ts'
import { connectClient } from '../postgres/connect.ts'

/** Every table that holds sealed values, each with what names a row of it. */
export const SEALED_PLACES = `
  SELECT 'setting ' || key AS place, value FROM system_settings
  UNION ALL SELECT 'token of environment ' || name, to_jsonb(token) FROM environments WHERE token IS NOT NULL
  UNION ALL SELECT 'address of environment ' || name, to_jsonb(test_server_url) FROM environments
  UNION ALL SELECT 'channel ' || name, jsonb_build_array(url, secret) FROM channels
  UNION ALL SELECT 'parameter set ' || name, parameters FROM parameter_sets`

export async function findSealedOtherwise(url: string, sealer: Sealer): Promise<string[]> {
  const client = await connectClient(url, { application_name: 'crat-restore' })
  try {
    const { rows } = await client.query<{ place: string; value: unknown }>(SEALED_PLACES)
    return rows.filter(({ value }) => !sealer.canOpen(value)).map(({ place }) => place)
  } finally {
    await client.end()
  }
}
