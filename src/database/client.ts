import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from '../generated/prisma/client.ts'

export type Database = PrismaClient
/** Inside a transaction. Every query function takes either. */
export type Transaction = Prisma.TransactionClient
export type Queryable = Database | Transaction

const STATEMENT_TIMEOUT_MS = 15_000

export interface Connection {
  db: Database
  /** The same connections, for statements that are prepared by name. */
  pool: pg.Pool
  /** How busy its connections are. */
  usage(): { total: number; idle: number; waiting: number }
  close(): Promise<void>
}

export function connectDatabase(url: string, maxConnections: number): Connection {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    application_name: 'crat',
    // Nothing here takes long by itself: what does waits for a lock, a full disk or a frozen server.
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  })
  // Without a listener a cut idle connection would end the process; whoever uses the pool next is told.
  pool.on('error', () => {})
  const db = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: 5_000, timeout: 15_000 },
  })
  return {
    db,
    pool,
    usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
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

/** The database is away or takes no writes: nothing was done, or nobody knows, and the same may work later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true
  if (statesOf(error).some(state => UNAVAILABLE_STATES.test(`${state}`))) return true
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message)
}

/** What Prisma hides its driver's error in; in a transaction that is cut it throws that one itself. */
function statesOf(error: unknown): unknown[] {
  const { code, meta, cause } = (error ?? {}) as Hidden & { meta?: { driverAdapterError?: Hidden } }
  const { originalCode, kind } = (meta?.driverAdapterError?.cause ?? cause ?? {}) as {
    originalCode?: unknown
    kind?: unknown
  }
  return [originalCode, kind, code]
}

interface Hidden {
  code?: unknown
  cause?: unknown
}

// SQLSTATEs: connection exceptions, insufficient resources (disk, memory, connections), operator intervention,
// statement and lock timeouts, read-only; then Prisma's own codes, the system's, and the driver's kinds.
const UNAVAILABLE_STATES =
  /^(08\w{3}|53\w{3}|57\w{3}|55P03|25006|25P03|P1001|P1002|P1008|P1017|P2024|P2028|P2037|ECONNREFUSED|ECONNRESET|EPIPE|ConnectionClosed|DatabaseNotReachable|SocketTimeout|TransactionAlreadyClosed)$/
const UNAVAILABLE_MESSAGES =
  /Can't reach database|Connection terminated|not queryable|Query read timeout|timeout exceeded when trying to connect|ECONNREFUSED|the database system is/i
