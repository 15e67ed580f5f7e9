import { hasControlCharacter, oneLine } from '../../lib/text.ts'
import { SmtpError } from './smtp-error.ts'
import type { OutgoingMail, SmtpConfig } from './types.ts'

export function messageFrom(mail: OutgoingMail, config: SmtpConfig) {
  const { to, from = config.from, subject, html, text, messageId, unsubscribeUrl, attachments = [] } = mail
  if (!isOneAddress(to)) throw new SmtpError('smtp:bad_recipient', { to }, { permanent: true })
  if (hasControlCharacter(from)) throw new SmtpError('smtp:bad_sender', { from }, { permanent: true })
  return {
    from,
    to: { name: '', address: to },
    subject: oneLine(subject),
    html,
    text,
    messageId: messageId && oneLine(messageId),
    attachments,
    // Suppresses "out of office" replies.
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl && unsubscribeHeaders(unsubscribeUrl)),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function unsubscribeHeaders(url: string) {
  return { 'List-Unsubscribe': `<${oneLine(url)}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}

/** Rejects what could be read as several addresses, a name or another header. */
function isOneAddress(text: string): boolean {
  return /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+$/.test(text) && !hasControlCharacter(text)
}
