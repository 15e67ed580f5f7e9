import pg from 'pg'
import { type Announcements, announcementOf } from '../announcements.ts'
import { answerParent } from '../in-worker.ts'
import { type LoadPlan, runLoad } from '../load.ts'

export interface InsertLoadPlan extends LoadPlan {
  databaseUrl: string
  connections: number
  announce: Announcements
}

const INSERT = `
  INSERT INTO build_info (job_name, build_number, package_path, build_user, raw_data) VALUES ($1, $2, $3, $4, $5)`

await answerParent(async (plan: InsertLoadPlan, signal) => {
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => open(plan.databaseUrl)),
  )
  let count = 0
  const clients = connections.map(connection => async () => {
    const build = announcementOf(plan.announce, count++)
    const { JOB_NAME, BUILD_NUMBER, PACKAGE_PATH, BUILD_USER } = build
    const values = [JOB_NAME, BUILD_NUMBER, PACKAGE_PATH, BUILD_USER, JSON.stringify(build)]
    await connection.query({ name: 'insert', text: INSERT, values })
    return 201
  })
  const result = await runLoad(clients, plan, signal)
  await Promise.all(connections.map(connection => connection.end()))
  return result
})

async function open(databaseUrl: string): Promise<pg.Client> {
  const connection = new pg.Client({ connectionString: databaseUrl })
  await connection.connect()
  return connection
}
