import pg from 'pg'

const SAMPLE_EVERY_MS = 50

export interface LongestStatement {
  seconds: number
  sql: string
}

/** Looks at what a database does, many times a second; `stop` says which statement was seen at work longest. */
export async function watchStatements(databaseUrl: string): Promise<{ stop(): Promise<LongestStatement> }> {
  const connection = new pg.Client({ connectionString: databaseUrl, application_name: 'crat-bench' })
  await connection.connect()
  let longest: LongestStatement = { seconds: 0, sql: '' }
  const sample = async () => {
    const { rows } = await connection.query<LongestStatement>(
      `SELECT extract(epoch FROM clock_timestamp() - query_start)::float8 AS seconds, query AS sql
       FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'active' AND backend_type = 'client backend'
         AND application_name <> 'crat-bench'
       ORDER BY query_start LIMIT 1`,
    )
    if (rows[0] && rows[0].seconds > longest.seconds) longest = rows[0]
  }
  let sampling = Promise.resolve()
  const timer = setInterval(() => {
    sampling = sampling.then(sample)
  }, SAMPLE_EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await sampling
      await connection.end()
      return { ...longest, sql: longest.sql.replace(/\s+/g, ' ').slice(0, 80) }
    },
  }
}
