import assert from 'node:assert/strict'
import test, { beforeEach } from 'node:test'
import { startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld()
const { db } = world.crat.ctx
await world.buildCore(101)

const TESTS = 25_000
const AT_ONCE = 10_000

// PostgreSQL itself notes how many tests each statement deletes.
await db.$executeRaw`CREATE TABLE deletions (tests bigint)`
await db.$executeRawUnsafe(`
  CREATE FUNCTION note_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO deletions SELECT count(*) FROM gone; RETURN NULL; END $$`)
await db.$executeRaw`
  CREATE TRIGGER note_deletion AFTER DELETE ON test_results REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION note_deletion()`

beforeEach(async () => {
  const { body } = await world.liWei.post(`/test-items/${world.cds}/deploy-test`)
  await world.admin.untilFinished(body.data.run_id)
  await db.testResult.deleteMany()
  await db.$executeRaw`
    INSERT INTO test_results (run_id, position, test_key, name, suite, status, flaky, retries)
    SELECT ${body.data.run_id}, n, 'test ' || n, 'test ' || n, '', 'passed', false, 0
    FROM generate_series(0, ${TESTS - 1}::int) AS n`
  await db.$executeRaw`DELETE FROM deletions`
})

async function assertInPieces(): Promise<void> {
  assert.equal(await db.testResult.count(), 0)
  const deletions = await db.$queryRaw<{ tests: bigint }[]>`SELECT tests FROM deletions`
  for (const { tests } of deletions) assert.ok(tests <= AT_ONCE, `${tests} at once`)
  assert.equal(
    deletions.reduce((sum, { tests }) => sum + Number(tests), 0),
    TESTS,
  )
}

test('clearing the history of an item deletes its many tests in pieces', async () => {
  const { status, body } = await world.admin.delete(`/test-items/${world.cds}/deploy-history`)
  assert.equal(status, 200)
  assert.equal(body.deleted_count, 1)
  await assertInPieces()
})

test('deleting an item does, too', async () => {
  assert.equal((await world.admin.delete(`/test-items/${world.cds}`)).status, 200)
  await assertInPieces()
})
