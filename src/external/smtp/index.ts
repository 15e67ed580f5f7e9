export { createMailer } from './mailer.ts'
export { SmtpError } from './smtp-error.ts'
export type { Mailer, OutgoingMail, SmtpConfig } from './types.ts'
