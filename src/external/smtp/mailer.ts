import type { NodemailerError } from 'nodemailer'
import { messageFrom } from './message.ts'
import { responseText, SmtpError, smtpErrorFrom } from './smtp-error.ts'
import { transportOptions } from './transport.ts'
import type { Mailer, SmtpConfig } from './types.ts'

/** For a whole mail: a slow server may never leave the socket idle. */
const SEND_TIMEOUT_MS = 180_000

export function createMailer(config: SmtpConfig | null): Mailer {
  if (!config) return { configured: false, send: refuseUnconfigured, verify: refuseUnconfigured }
  return {
    configured: true,
    async send(mail, signal) {
      const message = messageFrom(mail, config)
      const timeout = AbortSignal.timeout(SEND_TIMEOUT_MS)
      const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout
      try {
        const transport = await createTransport(config)
        const { response } = await transport.sendMail({ ...message, signal: bounded })
        return { response: responseText(response) }
      } catch (error) {
        signal?.throwIfAborted()
        throw smtpErrorFrom(config, error as NodemailerError)
      }
    },
    async verify() {
      try {
        const transport = await createTransport(config)
        await transport.verify()
      } catch (error) {
        throw smtpErrorFrom(config, error as NodemailerError)
      }
    },
  }
}

/** Loads nodemailer when there is something to send. */
async function createTransport(config: SmtpConfig) {
  const { default: nodemailer } = await import('nodemailer')
  return nodemailer.createTransport(transportOptions(config))
}

async function refuseUnconfigured(): Promise<never> {
  throw new SmtpError('smtp:not_configured', {}, { permanent: false })
}
