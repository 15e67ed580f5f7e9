import { createHash, randomBytes } from 'node:crypto'
import {
  type Attributes,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { traceOf } from './trace.ts'

type Traced = Parameters<typeof traceOf>[0]

interface SpanOptions {
  attributes?: Attributes
  kind?: SpanKind
  links?: Link[]
  startTime?: TimeInput
}

export const { CLIENT, SERVER } = SpanKind

/** Asked for each time: a tracer from before the start of the SDK stays mute where the bundle has its own copy of the API. */
const tracer = () => trace.getTracer('crat')

/** Null while there are no traces: then nothing here takes time. */
let installation: string | null = null

/** Two installations may send to one collector, and both have a build 1. */
export function beginTracing(name: string): void {
  installation = name
}

export const isTracing = () => installation !== null

/** The first span of a trace: each process comes to the same, so that all of them join. */
function rootOf(of: Traced): SpanContext {
  const hash = createHash('sha256')
    .update(`${installation} ${traceOf(of)}`)
    .digest('hex')
  const [traceId, spanId] = [hash.slice(0, 32), hash.slice(32, 48)]
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
}

let wanted: SpanContext | null = null

export const idGenerator = {
  generateTraceId: () => wanted?.traceId ?? randomBytes(16).toString('hex'),
  generateSpanId: () => wanted?.spanId ?? randomBytes(8).toString('hex'),
}

/** Records that a build was announced: the first span of its trace, where it is new. */
export function recordAnnouncement(of: Traced, isNew: boolean, options: SpanOptions, log: () => void): void {
  if (!isTracing()) {
    log()
    return
  }
  const root = rootOf(of)
  if (isNew) wanted = root
  const parent = isNew ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, root)
  const span = tracer().startSpan('announce build', { kind: SERVER, ...options }, parent)
  wanted = null
  context.with(trace.setSpan(parent, span), log)
  span.end()
}

/** Records in that trace what began at `startTime` and has ended. */
export function recordSpan(of: Traced, name: string, options: SpanOptions): void {
  if (!isTracing()) return
  const parent = trace.setSpanContext(ROOT_CONTEXT, rootOf(of))
  tracer().startSpan(name, options, parent).end()
}

/** Does something in a span of the trace of a build and its runs. */
export function inTraceOf<T>(
  of: Traced,
  name: string,
  options: SpanOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (!isTracing()) return work()
  const parent = trace.setSpanContext(ROOT_CONTEXT, rootOf(of))
  return tracer().startActiveSpan(name, options, parent, span => end(span, work))
}

/** Does something in a span below the active one, if there is one. */
export function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  if (!isTracing() || !trace.getActiveSpan()) return work()
  return tracer().startActiveSpan(name, options, span => end(span, work))
}

async function end<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message })
    throw error
  } finally {
    span.end()
  }
}

export function describeSpan(attributes: Attributes): void {
  if (isTracing()) trace.getActiveSpan()?.setAttributes(attributes)
}

export function failSpan(message: string): void {
  if (isTracing()) trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message })
}

/** The header `traceparent` of W3C Trace Context. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  if (isTracing()) propagation.inject(context.active(), headers)
  return headers
}

/** To the span of whoever calls, where it sent one. */
export function linksTo(headers: Record<string, string | string[] | undefined>): Link[] {
  if (!isTracing()) return []
  const caller = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers))
  return caller ? [{ context: caller }] : []
}

/** For lines of the log. */
export function activeIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {}
}
