import type { Transaction } from '../database/client.ts'
import { announceChange } from '../database/live.ts'
import { lockRow } from '../database/rows.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { RunTrigger } from '../generated/prisma/enums.ts'
import type { RunModel as Run, TestItemModel as TestItem } from '../generated/prisma/models.ts'
import type { Person } from '../lib/person.ts'
import { getBundleVersion } from '../script-bundles/script-bundles.ts'
import { getSettings } from '../settings/settings.ts'
import { getTestItem } from '../test-items/test-items.ts'

export type FrozenScripts = Pick<Run, 'scriptBundle' | 'scriptBundleVersion' | 'scriptsSha256'>

export type FrozenRun = Pick<
  Run,
  'testItemId' | 'itemName' | 'buildId' | 'jobName' | 'buildNumber' | 'packagePath'
> & {
  scripts: FrozenScripts | null
  parameterSetId: number | null
  parameters: Prisma.InputJsonValue
  wantedEnvironmentId: number | null
  retryOf?: number
  trigger?: RunTrigger
}

export async function createRun(
  tx: Transaction,
  person: Person,
  item: TestItem,
  { scripts, ...frozen }: FrozenRun,
): Promise<Run> {
  const settings = await getSettings(tx)
  const run = await tx.run.create({
    data: {
      ...frozen,
      ...scripts,
      triggeredBy: person.email,
      trigger: frozen.trigger ?? triggerOf(person, frozen.retryOf),
      locale: person.locale,
      packageBaseUrl: settings.package_download_base_url,
      testServerUrl: '',
      environmentLabels: item.environmentLabels,
      environmentsNeeded: item.environmentsNeeded,
      infrastructureRetries: item.infrastructureRetries,
      testRetries: item.testRetries,
      maxQueryHours: settings.max_query_hours,
      queryInterval: settings.query_interval,
      queryTimeout: settings.query_timeout,
    },
  })
  await announceChange(tx, { topic: 'run', id: run.id })
  return run
}

function triggerOf({ email }: Person, retryOf: number | undefined): RunTrigger {
  if (retryOf !== undefined) return 'retry'
  return email.startsWith('token:') ? 'token' : 'person'
}

/** Without a version the newest of this moment. */
export async function freezeScripts(
  tx: Transaction,
  { scriptBundle, scriptBundleVersion }: Pick<Run, 'scriptBundle' | 'scriptBundleVersion'>,
): Promise<FrozenScripts | null> {
  if (scriptBundle === null) return null
  const { version, sha256 } = await getBundleVersion(tx, scriptBundle, scriptBundleVersion)
  return { scriptBundle, scriptBundleVersion: version, scriptsSha256: sha256 }
}

/** Keeps the item from being deleted until the run is inserted. */
export async function lockItem(tx: Transaction, id: number): Promise<TestItem> {
  await lockRow(tx, 'test_items', id)
  return getTestItem(tx, id)
}
