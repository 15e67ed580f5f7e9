export interface SmtpConfig {
  host: string
  port: number
  user: string | null
  password: string | null
  from: string
  tls: 'auto' | 'off'
}

export interface OutgoingMail {
  to: string
  from?: string
  subject: string
  html: string
  text: string
  /** `<unique@host>`, the same for each attempt at a mail. */
  messageId?: string
  /** A POST to it ends what the mail was sent for, as RFC 8058 says. */
  unsubscribeUrl?: string
  attachments?: Attachment[]
}

export interface Attachment {
  filename: string
  contentType: string
  content: Buffer
  cid?: string
}

export interface Mailer {
  configured: boolean
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<{ response: string }>
  verify(): Promise<void>
}
