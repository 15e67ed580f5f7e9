import { inOneLine, type JsonValue, printed, shortened, withSamples } from './json.ts'
import { type Described, jsonSchemaOf, type Operation, successOf } from './operations.ts'
import { findRecorded, type Recorded, type readRecording } from './recording.ts'
import { sampleOf } from './sample.ts'
import type { ListedEndpoint, Section } from './tables.ts'
import type { Words } from './words.ts'

export interface Sources {
  described: Described
  recording: Awaited<ReturnType<typeof readRecording>>
}

/** One call of each endpoint, in Markdown. */
export function writePage(sections: Section[], words: Words, sources: Sources): string {
  const parts = sections.flatMap(({ title, endpoints }) => [
    `## ${title}`,
    ...endpoints.flatMap(endpoint => describeEndpoint(endpoint, words, sources)),
  ])
  return `${[words.head, ...parts].join('\n\n')}\n`
}

function describeEndpoint(endpoint: ListedEndpoint, words: Words, sources: Sources): string[] {
  const { method, path, who, what } = endpoint
  const operation = sources.described.operationOf(method, path)
  if (!operation) throw new Error(`${method} ${path} is listed in the guide but not described`)
  const call = findRecorded(sources.recording, method, path) ?? sampleCall(endpoint, operation, sources)
  const [, content] = successOf(operation)
  const isFile = jsonSchemaOf(content) === undefined
  return [
    `### ${method} ${path}`,
    words.sentence(what),
    [`${words.who}${who}`, ...inputsOf(operation, words, sources)].map(line => `- ${line}`).join('\n'),
    `\`\`\`sh\n${curlOf(method, call, operation, isFile)}\n\`\`\``,
    ...(isFile
      ? [words.file]
      : [`${words.answer(call.status)}\n\n\`\`\`json\n${answerOf(call.body)}\n\`\`\``]),
  ]
}

function inputsOf(operation: Operation, words: Words, { described }: Sources): string[] {
  const query = operation.parameters.filter(parameter => parameter.in === 'query')
  const schema = described.resolve(jsonSchemaOf(operation.requestBody) ?? {})
  const { properties = {}, required = [] } = schema
  const optional = Object.keys(properties).filter(name => !required.includes(name))
  const list = (names: string[]) => names.map(name => `\`${name}\``).join(words.comma)
  return [
    ...(query.length ? [`${words.query}${list(query.map(({ name }) => name))}`] : []),
    ...(required.length ? [`${words.required}${list(required)}`] : []),
    ...(optional.length ? [`${words.optional}${list(optional)}`] : []),
  ]
}

function sampleCall({ path }: ListedEndpoint, operation: Operation, { described }: Sources): Recorded {
  const [status, content] = successOf(operation)
  const body = jsonSchemaOf(operation.requestBody)
  const answer = jsonSchemaOf(content)
  const sampled = path.replace(/:job_name/g, 'Team/cds').replace(/:\w+/g, '1')
  const sample = (schema: typeof body) => (schema ? sampleOf(schema, described.resolve) : undefined)
  return { path: sampled, sent: sample(body), status, body: sample(answer) ?? null }
}

function curlOf(method: string, call: Recorded, operation: Operation, isFile: boolean): string {
  const sent = call.sent === undefined || operation.requestBody === undefined ? undefined : call.sent
  const isJson = jsonSchemaOf(operation.requestBody) !== undefined
  const isDefault = method === (sent === undefined ? 'GET' : isJson ? 'POST' : 'PUT')
  const options = [
    '--silent',
    ...(isDefault ? [] : [`-X ${method}`]),
    ...(operation.security.some(scheme => 'bearer' in scheme)
      ? ['-H "Authorization: Bearer $CRAT_TOKEN"']
      : []),
    ...(sent === undefined ? [] : [isJson ? `--json ${quoted(oneLine(sent))}` : '--upload-file tests.tgz']),
    ...(isFile ? ['--output file.tgz'] : []),
  ]
  const url = quoted(`https://crat.example.com/api/v1${withSamples(call.path)}`)
  const line = ['curl', ...options, url].join(' ')
  return line.length <= 110 ? line : ['curl --silent', ...options.slice(1), url].join(' \\\n  ')
}

const quoted = (text: string) =>
  /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
const oneLine = (value: JsonValue) => inOneLine(withSamples(value))
const answerOf = (body: JsonValue) => printed(shortened(withSamples(body)))
