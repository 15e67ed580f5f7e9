// Says what is wrong with this CRAT, and what to do; --help says more.
import { parseArgs } from 'node:util'
import { runCommand } from '../command.ts'
import { ConfigError, readConfig } from '../config.ts'
import type { Finding, Status } from './check.ts'
import { type CheckResult, runChecks, worstOf } from './run-checks.ts'
import { adviceIn, seenIn, titleIn } from './sentences.ts'
import { openSubject } from './subject.ts'

const HELP = `Checks this CRAT as .env and the environment configure it: configuration, database, disk, clock, servers, mail,
queue and workers. Starts nothing and changes nothing.

  ./scripts/doctor [--json]

Exit status, for monitoring: 0 all is well, 1 warnings, 2 something is broken.`

const EXIT: Record<Status, number> = { ok: 0, skipped: 0, warning: 1, failed: 2 }

const WORDS: Record<Status, string> = { ok: 'ok', skipped: '–', warning: 'WARNING', failed: 'FAILED' }

await runCommand(async () => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const results = await examine()
  if (values.json) console.log(JSON.stringify(asJson(results), null, 2))
  else print(results)
  return EXIT[worstOf(results)]
})

async function examine(): Promise<CheckResult[]> {
  let config: ReturnType<typeof readConfig>
  try {
    config = readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [brokenConfiguration(error)]
  }
  const subject = await openSubject(config, process.env)
  try {
    return await runChecks(subject)
  } finally {
    await subject.close()
  }
}

/** Without it nothing else can be looked at. */
function brokenConfiguration({ lines }: ConfigError): CheckResult {
  const findings = lines.map(
    (line): Finding => ({ status: 'failed', key: 'doctor:configuration_broken', params: { line } }),
  )
  return { name: 'configuration', status: 'failed', findings, tookMs: 0 }
}

function asJson(results: CheckResult[]) {
  return {
    status: worstOf(results),
    checks: results.map(({ name, status, findings, tookMs }) => ({
      ...{ name, status, took_ms: tookMs },
      findings: findings.map(finding => ({
        ...{ status: finding.status, code: finding.key.replace('doctor:', '') },
        ...{ seen: seenIn('en', finding), advice: adviceIn('en', finding) },
      })),
    })),
  }
}

function print(results: CheckResult[]): void {
  for (const { name, findings } of results) {
    for (const finding of findings) {
      console.log(`${WORDS[finding.status].padEnd(8)} ${titleIn('en', name)}: ${seenIn('en', finding)}`)
      const advice = adviceIn('en', finding)
      if (advice) console.log(`${' '.repeat(9)}→ ${advice}`)
    }
  }
}
