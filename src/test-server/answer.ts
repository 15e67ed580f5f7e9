import type { Readable } from 'node:stream'

export interface ProtocolRequest {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface ProtocolAnswer {
  status: number
  headers?: Record<string, string>
  body: object | string | Readable
}

export interface Call {
  params: Record<string, string>
  query: URLSearchParams
  headers: ProtocolRequest['headers']
  body: string
}

export type Handler = (call: Call) => ProtocolAnswer | Promise<ProtocolAnswer>

export const answered = (body: object, status = 200): ProtocolAnswer => ({ status, body })
export const refused = (status: number, error: string): ProtocolAnswer => ({ status, body: { error } })

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
