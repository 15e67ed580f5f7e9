import type { Queryable } from '../database/client.ts'
import type { Check } from '../environments/check-environments.ts'
import { AppError } from '../lib/errors.ts'
import type { Recent } from '../lib/recent.ts'
import type { Settings } from '../settings/definitions.ts'

export interface Servers {
  db: Queryable
  recentChecks: Recent
  listPackageServer(): Promise<string[]>
  checkTestServer(url: string, token: string | null): Promise<Check>
}

export interface PackageCheck {
  /** The first of them. */
  entries: string[]
  count: number
  error: AppError | null
}

const ENTRIES_SHOWN = 8

/** null: it has no address yet. */
export async function checkPackageServer(
  { recentChecks, listPackageServer }: Servers,
  { package_download_base_url: address }: Settings,
): Promise<PackageCheck | null> {
  if (!address) return null
  return recentChecks.get(`packages ${address}`, async () => {
    try {
      const entries = await listPackageServer()
      return { entries: entries.slice(0, ENTRIES_SHOWN), count: entries.length, error: null }
    } catch (error) {
      return { entries: [], count: 0, error: knownError(error) }
    }
  })
}

/** The first that has an address; null: none has one yet. */
export async function checkFirstTestServer({
  db,
  recentChecks,
  checkTestServer,
}: Servers): Promise<(Check & { name: string }) | null> {
  const environment = await db.environment.findFirst({
    where: { testServerUrl: { not: '' } },
    orderBy: { id: 'asc' },
  })
  if (!environment) return null
  const { name, testServerUrl, token } = environment
  const check = await recentChecks.get(`test server ${testServerUrl} ${token}`, () =>
    checkTestServer(testServerUrl, token),
  )
  return { ...check, name }
}

function knownError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if ((error as Error).name === 'TimeoutError') return new AppError('setup:timeout', {}, { status: 502 })
  throw error
}
