import type { Queryable } from '../database/client.ts'

export async function listPins(db: Queryable, email: string): Promise<number[]> {
  const orderBy = { testItemId: 'asc' } as const
  const pins = await db.testItemPin.findMany({ where: { email }, select: { testItemId: true }, orderBy })
  return pins.map(pin => pin.testItemId)
}

export async function pinItem(db: Queryable, email: string, testItemId: number): Promise<void> {
  await db.testItemPin.createMany({ data: [{ email, testItemId }], skipDuplicates: true })
}

export async function unpinItem(db: Queryable, email: string, testItemId: number): Promise<void> {
  await db.testItemPin.deleteMany({ where: { email, testItemId } })
}
