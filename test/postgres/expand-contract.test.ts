import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { it } from 'node:test'

const root = join(import.meta.dirname, '../..')

/** What a program that knows the schema before may stumble over, with what it is about. */
const BREAKING = [
  /\bDROP (?:TABLE|TYPE|VIEW|INDEX|COLUMN|CONSTRAINT)\s+(?:CONCURRENTLY\s+)?(?:IF EXISTS\s+)?"?(\w+)/gi,
  /\bRENAME (?:COLUMN |CONSTRAINT |VALUE )?"?(\w+)/gi,
  /\bALTER COLUMN "?(\w+)"? (?:SET DATA TYPE|TYPE|SET NOT NULL)/gi,
  /\bADD COLUMN "?(\w+)"? (?=[^,;]*\bNOT NULL)(?![^,;]*\b(?:DEFAULT|GENERATED))/gi,
]

function brokenBy(sql: string): string[] {
  const statements = sql.replace(/--.*$/gm, '')
  return BREAKING.flatMap(pattern => [...statements.matchAll(pattern)].map(([, name = '']) => name))
}

/** Those that the newest release does not have yet. */
function unreleased(): string[] {
  const releases = globSync('test/upgrades/*.sql', { cwd: root }).filter(file => !file.includes('-'))
  const newest = releases.sort((a, b) => compareVersions(basename(a, '.sql'), basename(b, '.sql'))).at(-1)
  const dump = readFileSync(join(root, newest ?? ''), 'utf8')
  const files = globSync('prisma/migrations/*/migration.sql', { cwd: root })
  return files.filter(file => !dump.includes(`'${basename(dirname(file))}'`)).sort()
}

const compareVersions = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })

it('what breaks a program is noticed', () => {
  const sql = `
    -- DROP TABLE in a comment
    ALTER TABLE "runs" ADD COLUMN "free" TEXT, ADD COLUMN "mode" TEXT NOT NULL DEFAULT 'a', ADD COLUMN "key" TEXT NOT NULL;
    ALTER TABLE runs DROP COLUMN lane, ALTER COLUMN size TYPE BIGINT;
    ALTER TABLE runs RENAME COLUMN a TO b;
    DROP INDEX IF EXISTS "runs_key";`
  assert.deepEqual(brokenBy(sql), ['lane', 'runs_key', 'a', 'size', 'key'])
})

for (const file of unreleased())
  it(`${basename(dirname(file))} keeps the program before it working, or says what it loses`, () => {
    const broken = brokenBy(readFileSync(join(root, file), 'utf8'))
    const note = join(root, dirname(file), 'contract.md')
    const text = existsSync(note) ? readFileSync(note, 'utf8') : ''
    const missing = broken.filter(name => !text.includes(`\`${name}\``))
    assert.deepEqual(missing, [], `contract.md beside the migration says nothing of them`)
  })
