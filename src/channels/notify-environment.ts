import type { Transaction } from '../database/client.ts'
import type { Queue } from '../database/store.ts'
import type { EnvironmentModel as Environment } from '../generated/prisma/models.ts'
import { type Locale, toParams, translate } from '../lib/i18n.ts'
import { translator } from '../notifications/mail/render.ts'
import { noticeMessage } from '../notifications/notice-message.ts'
import { getSettings } from '../settings/settings.ts'
import { findChannels } from './channels.ts'
import { sendToChannels } from './send-to-channels.ts'

/** Tells the channels that an environment is quarantined, or ready again. */
export async function notifyEnvironment(
  notifier: { queue: Queue; publicUrl: string },
  tx: Transaction,
  environment: Environment,
): Promise<void> {
  const channels = await findChannels(tx, ['environment'], null)
  if (!channels.length) return
  const { id, name, state, stateReason, stateReasonKey: key, stateReasonParams: params } = environment
  const { project_name: project } = await getSettings(tx)
  const reasonIn = (locale: Locale) => (key ? translate(locale, key, toParams(params)) : (stateReason ?? ''))
  const text = state === 'quarantined' ? 'quarantine' : 'environment_ready'
  const message = noticeMessage({
    ...{ event: `environment.${state}`, project, url: `${notifier.publicUrl}/environments/${id}` },
    tone: state === 'quarantined' ? 'warn' : 'passed',
    body: { environment: { id, name, state, state_reason: stateReason } },
    wordsIn(locale) {
      const t = translator(locale)
      const about = { project, name, reason: reasonIn(locale) }
      const [subject, headline, said, action] = ['subject', 'headline', 'text', 'action'].map(part =>
        t(`${text}.${part}`, about),
      ) as [string, string, string, string]
      return { subject, headline, text: said, action }
    },
  })
  await sendToChannels(notifier, tx, channels, message)
}
