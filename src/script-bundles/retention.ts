import type { Database } from '../database/client.ts'
import { removeUnknownBundles } from './bundle-store.ts'

const KEEP_DAYS = 30

/** Removes old versions that neither an item nor a run refers to; the newest of a name stays. */
export async function removeOldBundles(db: Database, folder: string): Promise<number> {
  const removed = await db.$executeRaw`
    DELETE FROM script_bundles AS bundle
    WHERE created_at < now() - ${KEEP_DAYS} * interval '1 day'
      AND EXISTS (SELECT FROM script_bundles WHERE name = bundle.name AND version > bundle.version)
      AND NOT EXISTS (
        SELECT FROM test_items WHERE script_bundle = bundle.name AND script_bundle_version = bundle.version)
      AND NOT EXISTS (
        SELECT FROM deploy_test_runs
        WHERE script_bundle = bundle.name AND script_bundle_version = bundle.version)`
  await removeUnknownBundles(folder, async sha256 => (await db.scriptBundle.count({ where: { sha256 } })) > 0)
  return removed
}
