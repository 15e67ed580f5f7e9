import { POLL, taskAnswer } from '../../neighbours/test-server.ts'
import type { Body, Caller } from '../recorder.ts'
import type { StoryWorld } from '../story-world.ts'

/** One run is active, two wait, all are cancelled; meanwhile nothing that they need is deleted. */
export async function queue(world: StoryWorld): Promise<void> {
  const { admin, cds, neighbours } = world
  neighbours.testServer.answerAlways(POLL, taskAnswer('running:test'))
  await showQueue(world)
  const active = await startRun(world)
  await refuseDeletions(world, active)
  const waiting = await queueTwo(world)
  await showQueue(world)
  await showRuns(world, [active, ...waiting])
  await admin.delete(`/test-items/${cds}`)
  await refuseRetryAndCancel(world, active)
  await cancelAll(world, active, waiting)
  await showQueue(world)
  await cancelAsAdmin(world)
  neighbours.testServer.behave()
  await retryCancelled(world, waiting[0] ?? 0)
}

async function showQueue({ liWei }: StoryWorld): Promise<void> {
  await liWei.get('/deploy-test-runs/queue')
  await liWei.get('/processing-count')
}

/** A run that goes on until it is cancelled. */
async function startRun({ liWei, cds, untilStatus }: StoryWorld): Promise<number> {
  const { data } = await liWei.post(`/test-items/${cds}/deploy-test`)
  await untilStatus(data.run_id, 'MONITORING')
  return data.run_id
}

async function refuseDeletions({ liWei, admin, cds }: StoryWorld, active: number): Promise<void> {
  const { data } = await liWei.get(`/deploy-test-runs/${active}`)
  await admin.delete(`/builds/${data.build_info_id}`)
  await admin.delete('/builds/job-names/CDN/Core')
  await admin.delete('/job-versions/CDN/Core')
  await admin.delete(`/test-items/${cds}`)
}

async function queueTwo({ wangFang, cds }: StoryWorld): Promise<number[]> {
  const trigger = (): Promise<Body> => wangFang.post(`/test-items/${cds}/deploy-test`)
  return [(await trigger()).data.run_id, (await trigger()).data.run_id]
}

async function showRuns({ liWei }: StoryWorld, runs: number[]): Promise<void> {
  for (const id of runs) await liWei.get(`/deploy-test-runs/${id}`)
  for (const status of ['PENDING', 'MONITORING']) await liWei.get(`/deploy-test-runs?status=${status}`)
}

const cancel = (who: Caller, run: number) => who.post(`/deploy-test-runs/${run}/cancel`)

async function refuseRetryAndCancel({ liWei, wangFang }: StoryWorld, active: number): Promise<void> {
  await liWei.post(`/deploy-test-runs/${active}/retry`)
  await cancel(wangFang, active)
}

async function cancelAll({ liWei, wangFang, admin }: StoryWorld, active: number, waiting: number[]) {
  const [first = 0, second = 0] = waiting
  await cancel(admin, second)
  await cancel(wangFang, first)
  await cancel(liWei, active)
  await cancel(liWei, active)
}

/** Its owner gets a mail, which may be on its way or sent when the cancel is answered. */
async function cancelAsAdmin(world: StoryWorld): Promise<void> {
  const { liWei, admin, cds, untilOver } = world
  await admin.put(`/test-items/${cds}`, { notification_enabled: true })
  const run = await startRun(world)
  const path = `/api/v1/deploy-test-runs/${run}/cancel`
  await admin.send({ method: 'POST', path }, ({ message }) => message)
  await untilOver(run)
  await liWei.get(`/deploy-test-runs/${run}`)
}

async function retryCancelled({ wangFang, untilOver }: StoryWorld, run: number): Promise<void> {
  const { data } = await wangFang.post(`/deploy-test-runs/${run}/retry`)
  await untilOver(data.run_id)
  await wangFang.get(`/deploy-test-runs/${data.run_id}`)
}
