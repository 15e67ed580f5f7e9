/**
 * The API answers what it answered when test/fixtures/api/answers.json was recorded: stories of requests over all
 * its URLs, in order, each answer with its status, headers and body. Fields that were added since are fine, any
 * other difference is a change that clients notice. Where it is wanted, record anew and read the diff of the fixture:
 *
 *     UPDATE_RECORDED=1 ./scripts/test test/api/recorded-answers.test.ts
 */
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { it } from 'node:test'
import { differences } from './compare.ts'
import type { RecordedAnswer } from './recorder.ts'
import { stories } from './stories/index.ts'
import { startStoryWorld } from './story-world.ts'

const file = new URL('../fixtures/api/answers.json', import.meta.url)
/** Where one answer is missing, all that follow are others. */
const MOST_SHOWN = 12

/** What was answered in a story, and what ended it early. */
interface StoryResult {
  answers: RecordedAnswer[]
  error?: unknown
}

const results = await runStories()
if (process.env.UPDATE_RECORDED) await record(results)
const recorded: Record<string, RecordedAnswer[]> = JSON.parse(await readFile(file, 'utf8'))

for (const [name, answers] of Object.entries(recorded))
  it(`the story of ${name} is answered as recorded`, () => {
    const now = results[name]
    assert.ok(now, 'there is no such story: record anew')
    const found = answers.flatMap((answer, index) => compare(answer, now.answers[index]))
    if (found.length > 0) assert.fail(summaryOf(found))
    if (now.error) throw now.error
    assert.equal(now.answers.length, answers.length, 'the story has grown: record anew')
  })

it('every story is recorded', () => {
  assert.deepEqual(Object.keys(recorded), Object.keys(stories))
})

it('every URL that the API describes is asked and answers well', () => {
  const answers = Object.values(recorded).flat()
  const described = answers.find(({ request }) => request.endsWith('/openapi.json'))?.body
  const operations = Object.entries(described as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  )
  const answersWell = (operation: string) =>
    answers.some(({ request, status }) => status < 300 && isCallOf(operation, request))
  assert.deepEqual(
    operations.filter(operation => !answersWell(operation)),
    [],
  )
})

async function runStories(): Promise<Record<string, StoryResult>> {
  const world = await startStoryWorld()
  const result: Record<string, StoryResult> = {}
  for (const [name, story] of Object.entries(stories)) {
    const from = world.recorder.answers.length
    // What was answered before an error is compared all the same: there lies the cause.
    const error = await story(world).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    result[name] = { answers: world.recorder.answers.slice(from), error }
  }
  return result
}

async function record(all: Record<string, StoryResult>): Promise<void> {
  for (const { error } of Object.values(all)) if (error) throw error
  const answers = Object.fromEntries(Object.entries(all).map(([name, story]) => [name, story.answers]))
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, `${JSON.stringify(answers, null, 1)}\n`)
}

function compare(answer: RecordedAnswer, now: RecordedAnswer | undefined): string[] {
  const found = now ? differences(answer, now) : ['  was not asked: the story ended before']
  if (found.length === 0) return []
  const sent = answer.sent === undefined ? '' : `\n  sent ${JSON.stringify(answer.sent)}`
  return [`${answer.request}${sent}\n${found.join('\n')}`]
}

function summaryOf(found: string[]): string {
  const more = found.length > MOST_SHOWN ? `\n\nand ${found.length - MOST_SHOWN} more answers` : ''
  return `${found.length} answers are not as recorded\n\n${found.slice(0, MOST_SHOWN).join('\n\n')}${more}`
}

function isCallOf(operation: string, request: string): boolean {
  const [method, path = ''] = operation.split(' ')
  const pattern = path.replace('{job_name}', '.+').replace(/\{\w+\}/g, '[^/]+')
  return new RegExp(`: ${method} /api/v1${pattern}(\\?.*)?$`).test(request)
}
