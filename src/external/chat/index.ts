export { ChatError } from './chat-error.ts'
export { CHAT_SERVICES, createMessenger, type Messenger, type Taken } from './messenger.ts'
export { packMessages } from './pack.ts'
export { CHAT_KINDS, type ChatKind, type ChatMessage, type Target } from './types.ts'
