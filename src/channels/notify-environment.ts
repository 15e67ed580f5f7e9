import type { Transaction } from '../database/client.ts'
import type { Queue } from '../database/store.ts'
import type { EnvironmentModel as Environment } from '../generated/prisma/models.ts'
import { type Locale, type Params, toParams, translate } from '../lib/i18n.ts'
import { type Translate, translator } from '../notifications/mail/render.ts'
import { type NoticeWords, noticeMessage } from '../notifications/notice-message.ts'
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
  const message = noticeMessage({
    ...{ event: `environment.${state}`, project, url: `${notifier.publicUrl}/environments/${id}` },
    tone: state === 'quarantined' ? 'warn' : 'passed',
    body: { environment: { id, name, state, state_reason: stateReason } },
    wordsIn: locale =>
      state === 'quarantined'
        ? quarantined(translator(locale), { project, name, reason: reasonIn(locale) })
        : ready(translator(locale), { project, name }),
  })
  await sendToChannels(notifier, tx, channels, message)
}

const quarantined = (t: Translate, about: Params): NoticeWords => ({
  subject: t('quarantine.subject', about),
  headline: t('quarantine.headline', about),
  text: t('quarantine.text', about),
  action: t('quarantine.action'),
})

const ready = (t: Translate, about: Params): NoticeWords => ({
  subject: t('environment_ready.subject', about),
  headline: t('environment_ready.headline', about),
  text: t('environment_ready.text'),
  action: t('environment_ready.action'),
})
