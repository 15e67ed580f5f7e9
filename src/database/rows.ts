import { Prisma } from '../generated/prisma/client.ts'
import { conflict } from '../lib/errors.ts'
import type { Params } from '../lib/i18n.ts'
import { isUniqueViolation, type Transaction } from './client.ts'

/** Locks a row against changes and new references until the transaction ends. */
export async function lockRow(
  tx: Transaction,
  table: 'alert_rules' | 'build_info' | 'channels' | 'environments' | 'parameter_sets' | 'test_items',
  id: number,
): Promise<void> {
  await tx.$queryRaw`SELECT id FROM ${Prisma.raw(table)} WHERE id = ${id} FOR UPDATE`
}

export async function refusingTaken<T>(key: string, params: Params, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict(key, params)
    throw error
  }
}
