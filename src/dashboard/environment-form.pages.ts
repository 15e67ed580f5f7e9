import { type EnvironmentEntry, newEnvironment } from '../environments/environments.ts'
import { parseInput } from '../http/input.ts'
import { fieldsOf } from '../http/page.ts'
import { masked } from '../lib/secrets.ts'

export function environmentIn(body: unknown) {
  const { name, test_server_url, labels = '', token } = fieldsOf(body)
  const words = labels.split(',').map(word => word.trim())
  // Empty: the token that is there stays.
  return parseInput(newEnvironment, {
    name,
    test_server_url,
    labels: words.filter(Boolean),
    token: token || undefined,
  })
}

export function environmentValues({ name, testServerUrl, labels }: EnvironmentEntry) {
  return { name, test_server_url: masked(testServerUrl), labels: labels.join(', ') }
}
