import { weakSecrets } from '../../weak-secrets.ts'
import { type Finding, ok, type Subject, warning } from '../check.ts'

/** What makes no sense has stopped the start; this names what is risky. */
export async function checkConfiguration({ config, env }: Subject): Promise<Finding[]> {
  const weak = weakSecrets({ ...env, ALLOW_WEAK_SECRETS: undefined })
  const findings = [
    ...(config.publicUrlGiven ? [] : [warning('doctor:no_public_url', { url: config.publicUrl })]),
    ...(config.webhookToken ? [] : [warning('doctor:no_webhook_token')]),
    ...(config.loginMode === 'email' ? [warning('doctor:login_by_email')] : []),
    ...(weak.length
      ? [warning('doctor:weak_secrets', { names: weak.map(({ name }) => name).join(', ') })]
      : []),
  ]
  return findings.length ? findings : [ok('doctor:configuration_ok', { role: config.role })]
}
