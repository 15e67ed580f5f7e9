import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { Prisma, PrismaClient } from '../generated/prisma/client.ts'

export type Database = PrismaClient
export type Transaction = Prisma.TransactionClient
export type Queryable = Database | Transaction

const STATEMENT_TIMEOUT_MS = 15_000

export interface Connection {
  db: Database
  pool: pg.Pool
  usage(): { total: number; idle: number; waiting: number }
  close(): Promise<void>
}

const MAX_PREPARED = 500

/** The first statements of the process are prepared, the others are sent as they are. */
function createStatementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>()
  return ({ sql }) => {
    if (!names.has(sql) && names.size < MAX_PREPARED) names.set(sql, `prisma-${names.size}`)
    return names.get(sql) ?? ''
  }
}

export function connectDatabase(url: string, maxConnections: number): Connection {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    application_name: 'crat',
    // Every statement is short: a slow one waits for a lock, a full disk or a frozen server.
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  })
  // Without a listener an error of an idle connection would end the process.
  pool.on('error', () => {})
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: createStatementNames() }),
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

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}

/** Reports whether a concurrent transaction changed the same rows: nothing was written. */
export function isLostRace(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError && ['P2003', 'P2025', 'P2034'].includes(error.code)
  )
}

export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true
  if (statesOf(error).some(state => UNAVAILABLE_STATES.test(`${state}`))) return true
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message)
}

/** Finds the codes in Prisma's wrappers of the driver's error; a cut transaction throws it unwrapped. */
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

// SQLSTATEs of connections, resources, interventions, timeouts; codes of Prisma, the system, the driver.
const UNAVAILABLE_STATES =
  /^(08\w{3}|53\w{3}|57\w{3}|55P03|25006|25P03|P1001|P1002|P1008|P1017|P2024|P2028|P2037|ECONNREFUSED|ECONNRESET|EPIPE|ConnectionClosed|DatabaseNotReachable|SocketTimeout|TransactionAlreadyClosed)$/
const UNAVAILABLE_MESSAGES =
  /Can't reach database|Connection terminated|not queryable|Query read timeout|timeout exceeded when trying to connect|ECONNREFUSED|the database system is/i
