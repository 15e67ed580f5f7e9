import { type Check, DRY_RUN, expect, expectStatus, follow, SUBMISSION } from './check.ts'

const KNOWN = /^(pending|running(:.+)?|completed|failed|cancelled)$/i
const TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/

export const VERSION_1: Check[] = [
  {
    name: 'a submit with the seven fields is taken',
    async run({ target }) {
      const answer = await target.post(DRY_RUN, SUBMISSION)
      expectStatus(answer, [200, 201, 202], 'The submit')
      const id = answer.json?.task_id
      expect(['string', 'number'].includes(typeof id) && id !== '', 'The answer to a submit has no "task_id"')
      return `answered in ${Math.round(answer.tookMs)} ms`
    },
  },
  {
    name: 'a task goes on to its end through states of the protocol',
    async run({ target, submit }) {
      const seen = await follow(target, await submit())
      const unknown = seen.find(({ status }) => !KNOWN.test(status))
      expect(!unknown, `"${unknown?.status}" is no state of the protocol`)
      return seen.map(({ status }) => status).join(', ')
    },
  },
  {
    name: 'a task that is over has its times and its result',
    async run({ target, submit }) {
      const id = await submit()
      const { json, status } = (await follow(target, id)).at(-1) ?? { json: {}, status: '' }
      expect(String(json.task_id) === id, `"task_id" is ${json.task_id}, not ${id}`)
      for (const name of ['start_time', 'end_time'])
        expect(
          TIME.test(String(json[name])),
          `"${name}" is no time such as 2025-06-18 02:15:54: ${json[name]}`,
        )
      expect('error' in json, 'There is no "error", not even null')
      if (status === 'completed') checkResult(json.result)
      return undefined
    },
  },
  {
    name: 'an unknown task is 404',
    async run({ target }) {
      expectStatus(await target.get('/api/tasks/there-is-no-such-task'), [404], 'GET /api/tasks/{id}')
      return undefined
    },
  },
  {
    name: 'a submit that is wrong is refused',
    async run({ target }) {
      const answer = await target.post(DRY_RUN, { service_name: 7 })
      expect(
        answer.status >= 400 && answer.status < 500,
        `A body without fields was answered ${answer.status}`,
      )
      return undefined
    },
  },
]

export const TOKEN: Check = {
  name: 'calls without the token are refused',
  async run({ target }) {
    const answer = await target.post(DRY_RUN, SUBMISSION, { anonymous: true })
    expectStatus(answer, [401, 403], 'A submit without the token')
    return undefined
  },
}

function checkResult(result: unknown): void {
  const { deploy, test, report_url } = Object(result)
  expect(typeof deploy?.success === 'boolean', 'result.deploy.success is no boolean')
  const address = test?.report_url ?? report_url
  expect(typeof address === 'string', 'There is neither result.test.report_url nor result.report_url')
  expect(address === 'None' || /^https?:\/\//.test(address), `The report's address is "${address}"`)
}
