import { parseArgs, styleText } from 'node:util'
import {
  type Check,
  type CheckContext,
  DRY_RUN,
  expectStatus,
  NotTried,
  SUBMISSION,
  Violation,
} from './check.ts'
import { createTarget, type Target } from './target.ts'
import { TOKEN, VERSION_1 } from './version-1.ts'
import { VERSION_2 } from './version-2.ts'

const USAGE = `Says whether a deploy_and_test server keeps the protocol, and which features it has.

  npm run check-test-server -- URL [--token TOKEN]

It changes nothing: all tasks are dry runs, by POST ${DRY_RUN}.
Exit status 0: nothing is wrong; 1: something is; 2: the server cannot be tried.`

const { url, token } = readArguments()
const target = createTarget(url, token)
let violations = 0
try {
  const context = await introduce()
  for (const check of VERSION_1) await report(check, context)
  if (context.protocol === 2) for (const check of VERSION_2) await report(check, context)
  if (token !== null) await report(TOKEN, context)
  console.log(violations === 0 ? '\nNothing is wrong.' : `\n${violations} wrong.`)
  process.exitCode = violations === 0 ? 0 : 1
} catch (error) {
  const { message, cause } = error as Error
  console.error(`${url} cannot be tried: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`)
  process.exitCode = 2
}

function readArguments(): { url: string; token: string | null } {
  const options = { token: { type: 'string' }, help: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  const [address] = positionals
  if (address && URL.canParse(address) && !values.help) return { url: address, token: values.token ?? null }
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}

/** Finds out which version it speaks, and whether it has a dry run: without one nothing can be tried. */
async function introduce(): Promise<CheckContext> {
  const { status, json } = await target.get('/api/capabilities')
  if (status === 401) throw new NotTried('it wants a token: --token')
  const two = status === 200 && json?.protocol === 2 && Array.isArray(json.features)
  const features = two ? (json.features as string[]) : []
  console.log(`${url} speaks version ${two ? 2 : 1}${two ? `: ${features.join(', ')}` : ''}\n`)
  const dryRun = await target.post(DRY_RUN, SUBMISSION)
  if ([404, 405, 501].includes(dryRun.status))
    throw new NotTried(`it has no dry run: POST ${DRY_RUN} answered ${dryRun.status}`)
  return { target, token, protocol: two ? 2 : 1, features, submit: submitTo(target) }
}

function submitTo({ post }: Target): CheckContext['submit'] {
  return async (fields = {}, key) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
    const answer = await post(DRY_RUN, { ...SUBMISSION, ...fields }, { headers })
    expectStatus(answer, [200, 201, 202], 'The submit')
    return String(answer.json?.task_id)
  }
}

async function report(check: Check, context: CheckContext): Promise<void> {
  const { name, feature } = check
  const label = feature ? `${feature}: ${name}` : name
  if (feature && !context.features.includes(feature))
    return console.log(`${paint('dim', '–')} ${feature}: not there`)
  try {
    const said = await check.run(context)
    console.log(`${paint('green', '✓')} ${label}${said ? ` (${said})` : ''}`)
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violations += 1
    console.log(`${paint('red', '✗')} ${label}\n  ${error.message}`)
  }
}

function paint(colour: 'dim' | 'green' | 'red', text: string): string {
  return styleText(colour, text, { stream: process.stdout })
}
