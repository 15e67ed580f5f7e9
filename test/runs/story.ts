import assert from 'node:assert/strict'
import type { Answer } from '../neighbours/http-neighbour.ts'
import type { ReceivedMail } from '../neighbours/mail-sink.ts'
import { taskAnswer } from '../neighbours/test-server.ts'
import type { ApiClient, WorkingWorld } from '../world/index.ts'

// A run as the API shows it: the tests say what they expect of it.
export type Run = Awaited<ReturnType<ApiClient['untilFinished']>>

export const RUNNING = taskAnswer('running:test')

export function stepOf(run: Run, name: string): Run {
  const step = run.steps.find((candidate: Run) => candidate.name === name)
  assert.ok(step, `run ${run.id} has no step ${name}`)
  return step
}

/** What is heard of the task, if anything. */
export function progressOf(run: Run): Run {
  return run.steps.find(({ name }: Run) => name === 'monitor')?.progress
}

/** `['download COMPLETED', 'test FAILED']` */
export function stepsOf(run: Run): string[] {
  return run.steps.map(({ name, status }: Run) => `${name} ${status}`)
}

export function mailAbout(world: WorkingWorld, run: Run): Promise<ReceivedMail> {
  return world.neighbours.mailSink.waitForMail(mail => mail.html?.includes(`/runs/${run.id}"`) ?? false)
}

export const html = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body,
})
