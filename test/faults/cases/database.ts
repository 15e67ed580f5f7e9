import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { SUBMIT } from '../../neighbours/test-server.ts'
import { coreBuild } from '../../world/people.ts'
import { type FaultCase, type Figures, spread } from '../fault-case.ts'
import { HOLDS, type Hold, holdRun } from '../world/hold.ts'
import { type FaultWorld, type FaultyPostgres, openFaultWorld, until } from '../world/index.ts'
import { isFinished, openWitness, type Witness } from '../world/witness.ts'

/** What happens to the database, and what may be answered meanwhile. */
interface DatabaseFault {
  about: string
  seconds: number
  begin(world: FaultWorld): Promise<void>
  end(world: FaultWorld): Promise<void>
  /** `blink`: it is back before anyone can tell; `away`: nothing works; `no writes`: what only reads works. */
  kind: 'blink' | 'away' | 'no writes'
}

const FAULTS: Record<string, DatabaseFault> = {
  cut: {
    about: 'every connection to PostgreSQL is cut, five times in a row',
    seconds: 1,
    async begin({ postgres, databaseUrl }) {
      for (let times = 0; times < 5; times += 1) {
        await cutConnections(postgres, databaseUrl)
        await pause(200)
      }
    },
    end: async () => {},
    kind: 'blink',
  },
  restart: {
    about: 'PostgreSQL crashes and comes up again',
    seconds: 1,
    begin: ({ postgres }) => postgres.restart('immediate'),
    end: async () => {},
    kind: 'blink',
  },
  away: {
    about: 'PostgreSQL is away for 20 s',
    seconds: 20,
    begin: ({ postgres }) => postgres.stop('fast'),
    end: ({ postgres }) => postgres.start(),
    kind: 'away',
  },
  frozen: {
    about: 'PostgreSQL hangs for 30 s',
    seconds: 30,
    begin: ({ postgres }) => postgres.freeze(),
    end: ({ postgres }) => postgres.thaw(),
    kind: 'away',
  },
  'read-only': {
    about: 'PostgreSQL takes no writes for 10 s',
    seconds: 10,
    begin: world => setReadOnly(world, true),
    end: world => setReadOnly(world, false),
    kind: 'no writes',
  },
  'disk-full': {
    about: "PostgreSQL's disk is full for 10 s",
    seconds: 10,
    begin: ({ sql }) => sql(FILL_DISK).then(() => {}),
    end: ({ sql }) => sql('DROP FUNCTION disk_full() CASCADE').then(() => {}),
    kind: 'no writes',
  },
}

async function cutConnections(postgres: FaultyPostgres, databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1)
  await postgres.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = '${name}' AND application_name <> 'faults'`)
}

async function setReadOnly({ postgres, databaseUrl }: FaultWorld, on: boolean): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1)
  await postgres.sql(`ALTER DATABASE ${name} SET default_transaction_read_only = ${on ? 'on' : 'off'}`)
  await cutConnections(postgres, databaseUrl)
}

/** What PostgreSQL says where it can extend no file: of every table that CRAT and its queue write. */
const FILL_DISK = `
  CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
  DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'pgboss') LOOP
      EXECUTE format('CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON %I.%I EXECUTE FUNCTION disk_full()',
        t.schemaname, t.tablename);
    END LOOP; END $$`

export const databaseCases: FaultCase[] = Object.entries(FAULTS).map(([name, fault]) => ({
  name: `database/${name}`,
  about: `${fault.about}, once in each of ${HOLDS.length} states`,
  rounds: HOLDS.length,
  ...(name === 'restart' && { quick: 1 }),
  run: (postgres, rounds) => playFault(postgres, fault, rounds),
}))

async function playFault(postgres: FaultyPostgres, fault: DatabaseFault, rounds: number): Promise<Figures> {
  await using stack = new AsyncDisposableStack()
  const world = await openFaultWorld(postgres, { role: 'all' })
  stack.defer(world.close)
  const witness = await openWitness(world)
  stack.defer(witness.close)
  const answers: Record<string, number> = {}
  const slowest: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const hold = HOLDS[round % HOLDS.length]
    if (hold) await playRound(world, witness, fault, hold, { round, answers, slowest })
  }
  const mails = await witness.everyMailArrived()
  const twice = await world.sql(
    'SELECT run_id, name FROM deploy_test_steps GROUP BY run_id, name HAVING count(*) > 1',
  )
  assert.deepEqual(twice, [], 'a step was done twice')
  assert.equal(world.web.complaints(), '')
  assert.ok(world.web.alive(), 'CRAT ended')
  const shown = Object.entries(answers).map(([status, count]) => `${count} × ${status}`)
  return { answers_meanwhile: shown.join(', '), slowest_answer: spread(slowest), ...mails }
}

interface Round {
  round: number
  answers: Record<string, number>
  slowest: number[]
}

async function playRound(
  world: FaultWorld,
  witness: Witness,
  fault: DatabaseFault,
  hold: Hold,
  { round, answers, slowest }: Round,
): Promise<void> {
  const submits = world.neighbours.testServer.requestsTo(SUBMIT).length
  const id = await holdRun(world, witness, hold, 2000 + round)

  const over = Date.now() + fault.seconds * 1000
  // What is back before anyone can tell is asked in the middle of it.
  const begun = fault.begin(world)
  if (fault.kind !== 'blink') await begun
  const asked = askMeanwhile(world, fault, 3000 + round)
  await Promise.all([begun, pause(1_000)])
  hold.release(world)
  const { statuses, ms } = await asked
  for (const status of statuses) answers[status] = (answers[status] ?? 0) + 1
  slowest.push(ms)
  await pause(Math.max(0, over - Date.now()))
  await fault.end(world)

  const ends = async () => isFinished(await witness.statusOf(id))
  await until(`run ${id}, ${hold.state} meanwhile, ends`, ends, 90_000)
  assert.equal(await witness.statusOf(id), 'COMPLETED', `run ${id}, ${hold.state} meanwhile`)
  const sent = world.neighbours.testServer.requestsTo(SUBMIT).length - submits
  assert.equal(sent, 1, `run ${id}, ${hold.state} meanwhile, was submitted ${sent} times`)
  const kept = async () =>
    (await world.sql('SELECT 1 FROM build_info WHERE build_number = $1', [3000 + round])).length === 1
  await until(`build ${3000 + round}, announced meanwhile, is stored`, kept, 30_000)
}

interface Asked {
  statuses: number[]
  /** Of the slowest. */
  ms: number
}

/** What is answered to who reads, writes, looks at a page and announces a build. */
async function askMeanwhile(world: FaultWorld, { kind }: DatabaseFault, build: number): Promise<Asked> {
  const began = performance.now()
  const [read, write, page, announced] = await Promise.all([
    world.liWei.get('/deploy-test-runs'),
    world.admin.put('/settings/query_timeout', { value: 31 }),
    fetch(`${world.web.url()}/runs`, { headers: { authorization: `Bearer ${world.liWei.token}` } }),
    world.anyone.post('/builds', coreBuild(build)),
  ])
  const ms = performance.now() - began
  const may = { blink: [200, 503], away: [503], 'no writes': [200, 503] }[kind]
  for (const { status, body } of [read, write]) {
    assert.ok(may.includes(status), `answered ${status}: ${body.error}`)
    if (status !== 503) continue
    assert.ok(body.error && body.code, `not the API's shape: ${JSON.stringify(body)}`)
  }
  if (kind === 'no writes') assert.equal(write.status, 503, 'a write is said to have worked')
  const html = await page.text()
  assert.ok(may.includes(page.status), `the page was answered ${page.status}`)
  if (page.status === 503) assert.match(html, /database/i, 'the page says what is unavailable')
  assert.ok([200, 201, 202].includes(announced.status), `the build was answered ${announced.status}`)
  if (kind !== 'blink') assert.equal(announced.status, 202)
  return { statuses: [read.status, write.status, page.status, announced.status], ms }
}
