import type { HttpAnswer } from '../http-client.ts'

export const CHAT_KINDS = ['slack', 'dingtalk', 'wecom', 'feishu'] as const
export type ChatKind = (typeof CHAT_KINDS)[number]

/** A message, in one language and as plain text: markup is the service's own. */
export interface ChatMessage {
  title: string
  /** Short lines, also kept where several messages go out as one. */
  summary: string[]
  details: string[]
  links: { label: string; url: string }[]
}

export interface Target {
  url: string
  secret: string | null
}

export interface ChatRequest {
  url: string
  headers: Record<string, string>
  body: string
}

/** `later`: the service limits the rate, which is no failed attempt. */
export type ChatResult =
  | { result: 'sent' }
  | { result: 'later'; waitMs: number; words: string }
  | { result: 'refused'; permanent: boolean; words: string }

/** One chat service, as its own documentation describes it. */
export interface ChatService {
  /** The shortest interval between two messages that keeps to what the service takes a minute. */
  intervalMs: number
  fits(messages: ChatMessage[]): boolean
  request(target: Target, messages: ChatMessage[], now: Date): ChatRequest
  read(answer: HttpAnswer): ChatResult
}
