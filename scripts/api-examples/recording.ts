import { readFile } from 'node:fs/promises'
import type { JsonValue } from './json.ts'

/** A request of the recorded stories, with its answer. */
export interface Recorded {
  path: string
  sent: JsonValue | undefined
  status: number
  body: JsonValue
}

interface RecordedAnswer {
  request: string
  with?: JsonValue
  sent?: JsonValue
  status: number
  body: JsonValue
}

const REQUEST = /: (\w+) \/api\/v1(\/.*)$/

export async function readRecording(file: string): Promise<RecordedAnswer[]> {
  const stories: Record<string, RecordedAnswer[]> = JSON.parse(await readFile(file, 'utf8'))
  return Object.values(stories).flat()
}

/** The most telling of the recorded calls of an endpoint that went well. */
export function findRecorded(answers: RecordedAnswer[], method: string, path: string): Recorded | undefined {
  const pattern = new RegExp(`^${path.replace(/:job_name/, '[^?]+').replace(/:\w+/g, '[^/?]+')}(\\?.*)?$`)
  const calls = answers.flatMap(({ request, sent, status, body }) => {
    const [, verb, called = ''] = REQUEST.exec(request) ?? []
    const fits = verb === method && pattern.test(called) && status < 300
    return fits ? [{ path: called, sent, status, body }] : []
  })
  return calls.toSorted((a, b) => flawsOf(a) - flawsOf(b))[0]
}

/** What makes a call a poor example: it tests an edge, or says nothing. */
function flawsOf({ path, sent, body }: Recorded): number {
  const text = JSON.stringify(sent ?? null)
  const flaws = [
    /%25|%E4|4711|\/\?|job-names\/job-names/.test(path),
    /" | "|""|null|\\|wu\.lei|127\.0\.0\.1|中/.test(sent === undefined ? '' : text),
    typeof sent === 'string',
    text === '{}',
    /"data":\[\]|"text":""|"error":"/.test(JSON.stringify(body)),
    /中|xxxx|\\u0000|%2Fb/.test(JSON.stringify(body)),
  ]
  return flaws.filter(Boolean).length
}
