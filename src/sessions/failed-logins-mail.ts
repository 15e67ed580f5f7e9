import type { Queryable } from '../database/client.ts'
import type { Store } from '../database/store.ts'
import { renderFailedLoginsMail } from '../notifications/mail/notices.ts'
import { addMail } from '../notifications/outbox.ts'
import { getSettings } from '../settings/settings.ts'
import { ADMIN } from './credentials.ts'
import type { SessionRules } from './session-rules.ts'

const BURST = 'burst'

export async function warnAdmins(
  store: Store,
  rules: SessionRules,
  { account, ip }: { account: string; ip: string | null },
): Promise<void> {
  await store.db.$transaction(async tx => {
    if (!(await isNewBurst(tx))) return
    const { project_name: project } = await getSettings(tx)
    const url = `${rules.publicUrl}/settings/audit`
    const mail = renderFailedLoginsMail({ project, url, account, ip: ip ?? '–' })
    const recipients = rules.adminEmails.length ? rules.adminEmails : [ADMIN]
    for (const recipient of recipients)
      await addMail(store, tx, { ...mail, recipient, chart: null, runId: null })
  })
}

/** A burst is over after an hour without a pause. */
async function isNewBurst(tx: Queryable): Promise<boolean> {
  const begun = await tx.$executeRaw`
    INSERT INTO login_attempts AS burst (key) VALUES (${BURST})
    ON CONFLICT (key) DO UPDATE SET last_failed_at = now()
    WHERE burst.last_failed_at < now() - interval '1 hour'`
  if (begun) return true
  await tx.loginAttempt.updateMany({ where: { key: BURST }, data: { lastFailedAt: new Date() } })
  return false
}
