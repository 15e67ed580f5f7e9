import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from '../generated/prisma/client.ts'

export type Database = PrismaClient
/** Inside a transaction. Every query function takes either. */
export type Transaction = Prisma.TransactionClient
export type Queryable = Database | Transaction

export interface Connection {
  db: Database
  /** How busy its connections are. */
  pool(): { total: number; idle: number; waiting: number }
  close(): Promise<void>
}

export function connectDatabase(url: string, maxConnections: number): Connection {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    application_name: 'crat',
  })
  // Without a listener a cut idle connection would end the process; whoever uses the pool next is told.
  pool.on('error', () => {})
  const db = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 5_000, timeout: 15_000 },
  })
  return {
    db,
    pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      await db.$disconnect()
      await pool.end()
    },
  }
}

/** Two writers wanted the same unique value. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}

/** Someone else deleted or changed the same rows at the same moment: nothing was done. */
export function isLostRace(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError && ['P2003', 'P2025', 'P2034'].includes(error.code)
  )
}

/** The database is away or takes no writes: nothing was done, and the same may work later. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code === 'string' && AWAY_CODES.test(code)) return true
  return error instanceof Error && AWAY_MESSAGES.test(message ?? '')
}

const AWAY_CODES =
  /^(P1001|P1002|P1008|P1017|P2024|P2028|P2037|57P0[123]|08\w{3}|53\w{3}|25006|ECONNREFUSED|ECONNRESET)$/
const AWAY_MESSAGES =
  /Can't reach database|Connection terminated|timeout exceeded when trying to connect|ECONNREFUSED|the database system is|terminating connection|read-only transaction|No space left|too many clients/i
