import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readConfig } from '../../src/config.ts'
import type { Finding } from '../../src/doctor/check.ts'
import { findLongTransactions } from '../../src/doctor/checks/transactions.ts'
import { type CheckResult, runChecks } from '../../src/doctor/run-checks.ts'
import { adviceIn, seenIn } from '../../src/doctor/sentences.ts'
import { openSubject } from '../../src/doctor/subject.ts'
import { connectClient } from '../../src/postgres/connect.ts'
import { Visitor, ZHANG_HUA } from '../http/visitor.ts'
import { query } from '../postgres/empty-database.ts'
import { ADMIN_PASSWORD, startWorkingWorld } from '../world/index.ts'

const SECRET = 'only for tests, only for tests'
const world = await startWorkingWorld({ env: { ROLE: 'web' } })
const { ctx } = world.crat
await world.buildCore()

const base = {
  ...{ DATA_DIR: world.dataDir, DATABASE_URL: world.databaseUrl, JWT_SECRET: SECRET },
  ...{
    PUBLIC_URL: 'http://crat.example',
    WEBHOOK_TOKEN: 'long enough for the webhook',
    ALLOW_WEAK_SECRETS: 'true',
  },
  ...{ EMAIL_SEND_SERVER: '127.0.0.1', EMAIL_SEND_SERVER_PORT: `${world.neighbours.mailSink.port}` },
  EMAIL_SEND_FROM: 'crat@example.com',
}

/** A busy machine is no fault. */
const TIMEOUT_MS = 60_000

async function examine(env: Record<string, string> = {}): Promise<CheckResult[]> {
  const given = { ...base, ...env }
  const subject = await openSubject(readConfig(given), given, TIMEOUT_MS)
  try {
    return await runChecks(subject, TIMEOUT_MS)
  } finally {
    await subject.close()
  }
}

/** The findings of that code, each of which says what to do. */
function found(results: CheckResult[], code: string): Finding[] {
  const findings = results.flatMap(result => result.findings).filter(({ key }) => key === `doctor:${code}`)
  assert.notEqual(
    findings.length,
    0,
    `${code} in ${results.flatMap(r => r.findings.map(f => f.key)).join(' ')}`,
  )
  for (const finding of findings)
    for (const locale of ['en', 'zh-CN'] as const) {
      assert.doesNotMatch(seenIn(locale, finding), /doctor:|{{/)
      assert.notEqual(adviceIn(locale, finding), null)
    }
  return findings
}

const said = (results: CheckResult[], code: string) =>
  found(results, code)
    .map(finding => seenIn('en', finding))
    .join()

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  after(() => server.close())
  return (server.address() as AddressInfo).port
}

async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  server.close()
  await once(server, 'close')
  return port
}

const own = (sql: string) => query(world.databaseUrl, sql)

describe('doctor names', () => {
  it('nothing broken where nothing is, but that no worker runs', async () => {
    const results = await examine()
    const broken = results.flatMap(result => result.findings.filter(({ status }) => status === 'failed'))
    assert.deepEqual(
      broken.map(({ key }) => key),
      ['doctor:no_worker'],
    )
  })

  it('a database that is unreachable, and still asks the mail server', async () => {
    const url = `postgresql://crat:hidden-password@127.0.0.1:${await closedPort()}/crat`
    const results = await examine({ DATABASE_URL: url, EMAIL_SEND_SERVER_PORT: `${await closedPort()}` })
    assert.match(said(results, 'database_down'), /ECONNREFUSED/)
    found(results, 'mail_server_down')
    assert.equal(results.find(({ name }) => name === 'queue')?.status, 'skipped')
    assert.doesNotMatch(JSON.stringify(results), /hidden-password/)
  })

  it('a server that is too old', async () => {
    const { port, hostname } = new URL(world.databaseUrl)
    const [row] = await own('SHOW server_version_num')
    const proxy = createServer(client => {
      const server = connect(Number(port), hostname)
      client.pipe(server)
      server.on('data', data => {
        const text = data.toString('latin1').replaceAll(String(row?.server_version_num), '120022')
        client.write(Buffer.from(text, 'latin1'))
      })
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const)
        one.on('close', () => other.destroy()).on('error', () => other.destroy())
    })
    const url = new URL(world.databaseUrl)
    url.port = `${await listening(proxy)}`
    found(await examine({ DATABASE_URL: url.href }), 'database_old')
  })

  it('a role that may not write', async () => {
    const role = `clerk_${process.pid}`
    await own(
      `CREATE ROLE ${role} LOGIN PASSWORD 'clerk'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`,
    )
    const url = Object.assign(new URL(world.databaseUrl), { username: role, password: 'clerk' })
    try {
      const results = await examine({ DATABASE_URL: url.href })
      assert.match(said(results, 'tables_denied'), /api_tokens/)
      found(results, 'may_not_create')
    } finally {
      await own(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })

  it('a folder that cannot be written and a broken configuration, with a status for monitoring', async () => {
    const [full, broken] = await Promise.all([
      command('ulimit -f 0; exec "$0" "$1" --json', base),
      command('exec "$0" "$1"', { ...base, PORT: 'x' }),
    ])
    const { checks } = JSON.parse(full.stdout)
    const disk = checks.find(({ name }: { name: string }) => name === 'disk')
    assert.equal(disk.findings[0].code, 'not_writable')
    assert.match(disk.findings[0].seen, /EFBIG/)
    assert.equal(full.status, 2)
    assert.doesNotMatch(full.stdout, new RegExp(SECRET))
    assert.match(broken.stdout, /^FAILED +Configuration: PORT: must be a whole number/)
    assert.equal(broken.status, 2)
  })

  it('servers that do not answer, answer with an error, or have another time', async () => {
    const wrong = createHttpServer((_request, response) => {
      response.writeHead(500, { date: new Date(Date.now() - 3_600_000).toUTCString() }).end()
    })
    await world.admin.put('/settings', {
      package_download_base_url: `http://deploy:hidden-password@127.0.0.1:${await listening(wrong)}/`,
      external_test_server_url: `http://127.0.0.1:${await closedPort()}/`,
    })
    const results = await examine()
    assert.match(said(results, 'package_server_error'), /500/)
    found(results, 'test_server_down')
    assert.match(said(results, 'clock_off'), /3[56]\d\d/)
    assert.doesNotMatch(JSON.stringify(results), /hidden-password/)

    await ctx.db.environment.updateMany({
      data: {
        state: 'quarantined',
        stateReasonKey: 'errors:environment_paused',
        stateReasonParams: { who: 'li.wei' },
      },
    })
    assert.match(said(await examine(), 'quarantined'), /li\.wei/)
  })

  it('jobs that nobody takes, runs without a worker, and builds that wait on disk', async () => {
    const run = await world.trigger()
    await ctx.db.$transaction(async tx => ctx.queue.sendMail(tx, 1))
    await own(`UPDATE pgboss.job SET start_after = now() - interval '1 hour' WHERE state = 'created'`)
    await own(`UPDATE deploy_test_runs SET created_at = now() - interval '2 hours' WHERE id = ${run}`)
    assert.match(said(await examine(), 'jobs_wait'), /1h/)
    found(await examine(), 'run_waits')
    await own(
      `UPDATE deploy_test_runs SET status = 'TESTING', worker = 4711, updated_at = now() - interval '1 hour' WHERE id = ${run}`,
    )
    const results = await examine()
    assert.match(said(results, 'orphaned_runs'), new RegExp(`${run}`))
    found(results, 'no_worker')
  })

  it('a transaction that stays open', async () => {
    const client = new pg.Client({ connectionString: world.databaseUrl, application_name: 'somebody' })
    await client.connect()
    const subject = await openSubject(readConfig(base), base)
    try {
      await client.query('BEGIN; SELECT 1')
      const [long] = await findLongTransactions(subject, { warnS: 0, failS: 3_600, hiddenAge: 0 })
      assert.equal(long?.key, 'doctor:transaction_long')
      assert.equal(long?.params.who, 'somebody')
    } finally {
      await Promise.all([client.end(), subject.close()])
    }
  })

  it('a transaction of another role, of which it may not see since when it is open', async () => {
    const role = `reader_${process.pid}`
    await own(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'`)
    const url = Object.assign(new URL(world.databaseUrl), { username: role, password: 'reader' })
    const env = { ...base, DATABASE_URL: url.href }
    const client = await connectClient(world.databaseUrl)
    const subject = await openSubject(readConfig(env), env)
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
      const findings = await findLongTransactions(subject, { warnS: 600, failS: 3_600, hiddenAge: 0 })
      assert.deepEqual(
        findings.map(({ key }) => key),
        ['doctor:transactions_hidden'],
      )
    } finally {
      await Promise.all([client.end(), subject.close()])
      await own(`DROP ROLE ${role}`)
    }
  })

  it('a DATA_DIR that is not there; packages may come later', async () => {
    const results = await examine({ DATA_DIR: `${world.dataDir}/none` })
    assert.match(said(results, 'data_dir_missing'), /none/)
    const disk = results.find(({ name }) => name === 'disk')
    assert.deepEqual(
      disk?.findings.map(({ key }) => key),
      ['doctor:data_dir_missing', 'doctor:folder_missing'],
    )
  })

  it('messages to a channel that are tried in vain', async () => {
    await own(
      `INSERT INTO channels (name, kind, url, updated_at) VALUES ('room', 'webhook', 'http://chat.example/', now())`,
    )
    await own(
      `INSERT INTO notifications (kind, channel_id, recipient, subject, html, text, message_id, status, attempts, created_at)
       SELECT 'webhook', id, 'room', '', '', '', 'm', 'waiting', 3, now() - interval '2 hours' FROM channels`,
    )
    assert.match(said(await examine(), 'channel_late'), /1 .*room/)
  })

  it('secrets that are weak, or with which nothing can be opened', async () => {
    const results = await examine({ JWT_SECRET: 'another secret', ADMIN_PASSWD: 'password' })
    assert.match(said(results, 'weak_secrets'), /ADMIN_PASSWD, JWT_SECRET/)
    assert.match(said(results, 'sealed_otherwise'), /package_download_base_url/)
  })

  it('an index that is not created yet', async () => {
    await own('DROP INDEX notifications_due_idx')
    assert.match(said(await examine(), 'indexes_missing'), /notifications_due_idx/)
  })

  it('a migration that is pending, one that was cut and one of a newer CRAT', async () => {
    await own(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_imported_rows'`)
    const results = await examine()
    for (const code of ['migrations_pending', 'migration_cut'])
      assert.match(said(results, code), /imported_rows/)
    await own(
      `UPDATE _prisma_migrations SET finished_at = now(), migration_name = '2099_new' WHERE finished_at IS NULL`,
    )
    assert.match(said(await examine(), 'database_newer'), /2099_new/)
  })

  it('the same on its page, in both languages', async () => {
    const admin = await new Visitor(world.url).logIn(ZHANG_HUA, ADMIN_PASSWORD)
    for (const [language, words] of [
      ['en', 'A newer CRAT has changed it: 2099_new.'],
      ['zh-CN', '更新版本的 CRAT 改动过它：2099_new。'],
    ] as const) {
      admin.setCookie('lang', language)
      const { status, html } = await admin.open('/settings/doctor')
      assert.equal(status, 200, html)
      assert.ok(html.includes(words))
      assert.doesNotMatch(html, /hidden-password/)
    }
  })
})

function command(shell: string, env: Record<string, string>): Promise<{ status: number; stdout: string }> {
  const program = fileURLToPath(new URL('../../src/doctor/doctor.main.ts', import.meta.url))
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  return new Promise(resolve => {
    const child = execFile(
      'bash',
      ['-c', shell, process.execPath, program],
      { cwd: world.dataDir, env: { ...env, PATH, NODE_COMPILE_CACHE } },
      (_error, stdout) => resolve({ status: child.exitCode ?? -1, stdout }),
    )
  })
}
