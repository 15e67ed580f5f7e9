import type { Context } from '../context.ts'
import { removeOldBundles } from '../script-bundles/retention.ts'

export async function cleanUpScriptBundles({ db, scriptBundles, log }: Context): Promise<void> {
  const removed = await removeOldBundles(db, scriptBundles.folder)
  if (removed) log.info({ removed }, 'old script bundles removed')
}
