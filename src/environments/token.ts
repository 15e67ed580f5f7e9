import type { Queryable } from '../database/client.ts'

/** Sealed, as it is stored. */
export async function findToken(db: Queryable, id: number | null): Promise<string | null> {
  if (id === null) return null
  const environment = await db.environment.findUnique({ where: { id }, select: { token: true } })
  return environment?.token ?? null
}
