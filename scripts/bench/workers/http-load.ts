import { type Announcements, announcementOf } from '../announcements.ts'
import { connect, type Request } from '../http.ts'
import { answerParent } from '../in-worker.ts'
import { type LoadPlan, runLoad } from '../load.ts'

/** Either the same requests again and again, or a fresh build with each. */
export interface HttpLoadPlan extends LoadPlan {
  url: string
  clients: number
  headers?: Record<string, string>
  paths?: string[]
  announce?: Announcements
}

await answerParent(async (plan: HttpLoadPlan, signal) => {
  const connections = Array.from({ length: plan.clients }, () => connect(plan.url))
  const next = requestsOf(plan)
  const clients = connections.map(({ ask }) => async () => {
    const request = next()
    if (!request) return null
    return (await ask(request)).status
  })
  const result = await runLoad(clients, plan, signal)
  await Promise.all(connections.map(({ close }) => close()))
  return result
})

function requestsOf({ headers = {}, paths = [], announce }: HttpLoadPlan): () => Request | null {
  let count = 0
  if (!announce) return () => ({ path: paths[count++ % paths.length] ?? '/', headers })
  const { most = Infinity } = announce
  const json = { ...headers, 'content-type': 'application/json' }
  return () => {
    if (count >= most) return null
    const body = JSON.stringify(announcementOf(announce, count++))
    return { path: '/api/v1/builds', method: 'POST', headers: json, body }
  }
}
