import {
  type Check,
  type CheckContext,
  DRY_RUN,
  expect,
  expectStatus,
  follow,
  isOver,
  look,
  SUBMISSION,
} from './check.ts'

const HELD_MS = 900

export const VERSION_2: Check[] = [
  {
    name: 'the same key is the same task, another key another',
    feature: 'idempotency',
    async run({ submit }) {
      const key = `check-${crypto.randomUUID()}`
      const [first, again, other] = [
        await submit({}, key),
        await submit({}, key),
        await submit({}, `${key}-2`),
      ]
      expect(first === again, `The same Idempotency-Key gave two tasks, ${first} and ${again}`)
      expect(first !== other, 'Two keys gave one task')
      return undefined
    },
  },
  {
    name: 'the extra fields of a submit are taken',
    feature: 'package_url',
    async run({ submit }) {
      const package_url = 'http://127.0.0.1:9/protocol-check.tgz'
      await submit({ run_id: 1, package_url, package_sha256: 'a'.repeat(64), package_size: 1 })
      return undefined
    },
  },
  {
    name: 'wait holds the answer until the status changes',
    feature: 'long_poll',
    async run({ target, submit }) {
      const id = await submit()
      let changes = 0
      for (let before = await look(target, id); !isOver(before.status); changes += 1) {
        const task = await look(target, id, '?wait=25')
        expect(
          task.status !== before.status || task.tookMs >= 24_000,
          `It answered "${task.status}" before it changed`,
        )
        expect(task.tookMs < 40_000, `It held the answer for ${Math.round(task.tookMs / 1000)} s, not 25`)
        before = task
      }
      const ended = await look(target, id, '?wait=25')
      expect(ended.tookMs < HELD_MS * 5, 'It holds the answer for a task that is over')
      return `${changes} changes`
    },
  },
  {
    name: 'a task can be cancelled, more than once',
    feature: 'cancel',
    async run({ target, submit }) {
      const id = await submit()
      const path = `/api/tasks/${encodeURIComponent(id)}/cancel`
      expectStatus(await target.post(path), [200, 202], 'The cancel')
      const last = (await follow(target, id)).at(-1)
      expect(last?.status === 'cancelled', `After a cancel the task is "${last?.status}"`)
      expectStatus(await target.post(path), [200, 202], 'The cancel of a task that is over')
      expect((await look(target, id)).status === 'cancelled', 'A second cancel changed the status')
      return undefined
    },
  },
  {
    name: 'the log only grows, by bytes, and has an end',
    feature: 'log',
    async run(context) {
      const id = await context.submit()
      let bytes = new Uint8Array()
      for (let eof = false; !eof; ) {
        const part = await readLog(context, id, bytes.length)
        bytes = Buffer.concat([bytes, part.bytes])
        eof = part.eof
        if (!eof) await new Promise(resolve => setTimeout(resolve, 100))
      }
      const whole = await readLog(context, id, 0)
      const text = Buffer.from(bytes)
      expect(text.subarray(0, whole.bytes.length).equals(whole.bytes), 'Read at once the log is another one')
      expect(bytes.length > 0, 'The log of a dry run is empty')
      return `${bytes.length} bytes`
    },
  },
  {
    name: 'the points of a load test can be read',
    feature: 'metrics',
    async run({ target, submit }) {
      const id = await submit()
      await follow(target, id)
      const path = `/api/tasks/${encodeURIComponent(id)}/metrics`
      const { points, next } = await readPoints(target, `${path}?offset=0`)
      for (const name of ['t', 'users_planned', 'users', 'rps', 'p95_ms', 'errors'])
        expect(
          points.every(point => name in point),
          `A point has no "${name}"`,
        )
      const after = await readPoints(target, `${path}?offset=${next}`)
      expect(after.points.length === 0 && after.next === next, 'After next_offset there are points of before')
      return `${points.length} points`
    },
  },
  {
    name: 'the report can be had as an archive',
    feature: 'report_archive',
    async run({ target, submit }) {
      const id = await submit()
      await follow(target, id)
      const answer = await target.get(`/api/tasks/${encodeURIComponent(id)}/report.tgz`)
      expectStatus(answer, [200, 404], 'GET /api/tasks/{id}/report.tgz')
      if (answer.status === 404) return 'the dry run has none'
      expect(answer.bytes[0] === 0x1f && answer.bytes[1] === 0x8b, 'report.tgz is no gzip')
      return `${answer.bytes.length} bytes`
    },
  },
  fieldsOf('attempts', 'test_retries is taken', { test_retries: 2 }),
  fieldsOf('scripts', 'scripts_url and scripts_sha256 are taken', {
    scripts_url: 'http://127.0.0.1:9/scripts.tgz',
    scripts_sha256: 'b'.repeat(64),
  }),
  fieldsOf('peers', 'index, count and peers are taken', {
    ...{ run_id: 1, index: 0, count: 2 },
    peers: [
      { index: 0, name: 'a', url: 'http://127.0.0.1:9' },
      { index: 1, name: 'b', url: 'http://127.0.0.1:9' },
    ],
  }),
]

function fieldsOf(feature: string, name: string, fields: object): Check {
  return {
    ...{ name, feature },
    async run({ target }) {
      expectStatus(await target.post(DRY_RUN, { ...SUBMISSION, ...fields }), [200, 201, 202], 'The submit')
      return undefined
    },
  }
}

async function readLog({ target }: CheckContext, id: string, offset: number) {
  const answer = await target.get(`/api/tasks/${encodeURIComponent(id)}/log?offset=${offset}`)
  expectStatus(answer, [200], 'GET /api/tasks/{id}/log')
  const { offset: from, next_offset: next, text, eof } = Object(answer.json)
  expect(from === offset, `Asked for the log from ${offset} on it answered from ${from} on`)
  expect(typeof text === 'string' && typeof eof === 'boolean', 'The log has no "text" or no "eof"')
  const bytes = Buffer.from(text)
  expect(
    next === offset + bytes.length,
    `next_offset is ${next}, but the text ends at ${offset + bytes.length}`,
  )
  return { bytes, eof }
}

async function readPoints(target: CheckContext['target'], path: string) {
  const answer = await target.get(path)
  expectStatus(answer, [200], 'GET /api/tasks/{id}/metrics')
  const { points, next_offset: next } = Object(answer.json)
  expect(Array.isArray(points) && typeof next === 'number', 'The answer has no "points" or no "next_offset"')
  return { points: points as object[], next }
}
