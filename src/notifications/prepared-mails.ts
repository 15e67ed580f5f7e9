import type { Transaction } from '../database/client.ts'

/** Mails that are ready to be written in the transaction that they belong to. */
export interface PreparedMails {
  recipients: string[]
  write(tx: Transaction): Promise<void>
}

export const NO_MAILS: PreparedMails = { recipients: [], write: async () => {} }
