import type pg from 'pg'
import { DEFAULT_SET } from '../src/parameter-sets/parameter-sets.ts'
import { DEFAULT_PARAMETERS } from '../src/parameter-sets/parameters.ts'
import { INITIAL_SETTINGS } from '../src/settings/definitions.ts'

/**
 * What every CRAT has: its settings and the `default` parameter set. Harmless when it is there already. In SQL: Prisma
 * takes a tenth of a second for its first query, and a start waits for this one.
 */
export async function seed(pool: pg.Pool): Promise<void> {
  await Promise.all([
    pool.query(SEED_SETTINGS, [JSON.stringify(INITIAL_SETTINGS)]),
    pool.query(SEED_PARAMETER_SET, [
      DEFAULT_SET,
      'Used where neither the trigger nor the test item names a set',
      JSON.stringify(DEFAULT_PARAMETERS),
    ]),
  ])
}

const SEED_SETTINGS = `
  INSERT INTO system_settings (key, value, description)
  SELECT key, value, description FROM jsonb_to_recordset($1) AS setting (key text, value jsonb, description text)
  ON CONFLICT (key) DO NOTHING`

const SEED_PARAMETER_SET = `
  WITH created AS (
    INSERT INTO parameter_sets (name, description, parameters) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO NOTHING RETURNING id, parameters
  )
  INSERT INTO parameter_set_versions (parameter_set_id, version, parameters, changed_by)
  SELECT id, 1, parameters, 'crat' FROM created`
