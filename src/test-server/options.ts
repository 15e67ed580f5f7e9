import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Protocol } from './submission.ts'

export const USAGE = `A deploy_and_test server.

  npm run test-server -- --config services.yaml [OPTION]...

  --config FILE          the services; read again when it changes
  --host 127.0.0.1       where it listens
  --port 59997
  --data-dir DIR         tasks, their logs, history and state; default data/test-server
  --report-dir DIR       finished reports, one folder each; default reports in the data directory
  --public-url URL       its own address, for links to reports; default http://HOST:PORT
  --keep-tasks 500       how many tasks that are over are kept
  --keep-reports 100     how many reports of a keyword are kept
  --protocol 2           1 knows nothing of version 2
  --strict               refuse fields that the protocol does not name
  --check                say whether the configuration is right, and end

Where TEST_SERVER_TOKEN is set, calls must carry it: Authorization: Bearer TOKEN.`

export interface ProgramOptions {
  config: string
  host: string
  port: number
  dataDir: string
  reportDir: string
  publicUrl: string | null
  keepTasks: number
  keepReports: number
  protocol: Protocol
  strict: boolean
  check: boolean
  token: string | null
}

export function readOptions(args: string[], env: NodeJS.ProcessEnv): ProgramOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '59997' },
      'data-dir': { type: 'string', default: 'data/test-server' },
      'report-dir': { type: 'string' },
      'public-url': { type: 'string' },
      'keep-tasks': { type: 'string', default: '500' },
      'keep-reports': { type: 'string', default: '100' },
      protocol: { type: 'string', default: '2' },
      strict: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  if (!values.config) throw new Error('--config is missing')
  if (!/^[12]$/.test(values.protocol)) throw new Error('--protocol must be 1 or 2')
  const publicUrl = values['public-url'] ?? null
  if (publicUrl !== null && !URL.canParse(publicUrl)) throw new Error('--public-url must be a URL')
  const dataDir = resolve(values['data-dir'])
  return {
    ...{ dataDir, publicUrl, host: values.host, strict: values.strict, check: values.check },
    config: resolve(values.config),
    port: number('--port', values.port, 0, 65_535),
    reportDir: resolve(values['report-dir'] ?? `${dataDir}/reports`),
    keepTasks: number('--keep-tasks', values['keep-tasks'], 1),
    keepReports: number('--keep-reports', values['keep-reports'], 1),
    protocol: values.protocol === '1' ? 1 : 2,
    token: env.TEST_SERVER_TOKEN || null,
  }
}

function number(name: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new Error(
    `${name} must be a number from ${min} on${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`,
  )
}
