export interface SmtpConfig {
  host: string
  port: number
  user: string | null
  password: string | null
  /** `crat@example.com` or `CRAT <crat@example.com>`. */
  from: string
  /** `off`: plain text to any host. */
  tls: 'auto' | 'off'
}

export interface OutgoingMail {
  /** An address without a name. */
  to: string
  /** Default: the configured sender. */
  from?: string
  subject: string
  html: string
  text: string
  /** `<unique@host>`, the same for each attempt at a mail. */
  messageId?: string
  attachments?: Attachment[]
}

export interface Attachment {
  filename: string
  contentType: string
  content: Buffer
  /** Referenced in the HTML as `cid:…`. */
  cid?: string
}

export interface Mailer {
  /** If false, `send` and `verify` throw smtp:not_configured. */
  configured: boolean
  /** Returns the server's response. Throws SmtpError. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<{ response: string }>
  /** Connects and logs in. Throws SmtpError. */
  verify(): Promise<void>
}
