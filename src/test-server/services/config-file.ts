import { LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import { type Service, service } from './service.ts'

const configFile = z.strictObject({ services: z.array(service).min(1) }).superRefine(refuseSameNames)

function refuseSameNames({ services }: { services: Service[] }, context: z.RefinementCtx): void {
  const seen = new Set<string>()
  for (const [index, { name, aliases }] of services.entries()) {
    for (const [nth, word] of [name, ...aliases].entries()) {
      const path = ['services', index, ...(nth === 0 ? ['name'] : ['aliases', nth - 1])]
      if (seen.has(word.toLowerCase()))
        context.addIssue({ code: 'custom', path, message: `"${word}" is the name of another service too` })
      seen.add(word.toLowerCase())
    }
  }
}

export class ConfigError extends Error {
  constructor(file: string, problems: string[]) {
    super(problems.map(problem => `${file}:${problem}`).join('\n'))
    this.name = 'ConfigError'
  }
}

export function parseConfig(text: string, file: string): Service[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${line}:${col}`
  }
  if (document.errors.length > 0) {
    throw new ConfigError(
      file,
      document.errors.map(({ pos, message }) => `${at(pos[0])} ${message}`),
    )
  }
  const parsed = configFile.safeParse(document.toJS())
  if (parsed.success) return parsed.data.services
  const problems = parsed.error.issues
    .flatMap(problemsIn)
    .map(problem => ({ ...problem, offset: offsetOf(document, problem.path) }))
    .sort((a, b) => a.offset - b.offset)
  throw new ConfigError(
    file,
    problems.map(({ offset, path, message }) => `${at(offset)} ${path.join('.')}: ${message}`),
  )
}

interface Problem {
  path: PropertyKey[]
  message: string
}

/** Unknown keys are reported where they stand, not where they are missing. */
function problemsIn(issue: z.core.$ZodIssue): Problem[] {
  const { path, message } = issue
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...path, key], message: 'is not known here' }))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? []
    return nearest.flatMap(problemsIn).map(inner => ({ ...inner, path: [...path, ...inner.path] }))
  }
  return [{ path, message }]
}

/** The branch of a union that was meant is the one that got furthest. */
const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map(({ path }) => path.length))

/** Where the value stands, or the nearest one around it that is there. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number] } | undefined
    if (node?.range) return node.range[0]
  }
  return 0
}
