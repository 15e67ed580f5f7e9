import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cp, glob, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { execa } from 'execa'
import { pathInProject } from '../../src/lib/root.ts'
import { startProgram } from '../config/server-process.ts'
import { emptyDatabase } from '../postgres/empty-database.ts'
import { ApiClient } from '../world/api-client.ts'
import { startOtlpReceiver } from '../world/otlp-receiver.ts'
import { coreBuild } from '../world/people.ts'

const SOURCES = [
  'docs',
  'package.json',
  'tsconfig.json',
  'prisma.config.ts',
  'prisma',
  'public',
  'scripts',
  'src',
  'views',
]

/** Builds a checkout that has but the database client, whose generator takes long. */
async function build(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name))
  after(() => rm(folder, { recursive: true, force: true }))
  for (const source of SOURCES) await cp(pathInProject(source), join(folder, source), { recursive: true })
  for (const built of ['public/app.css', 'public/vendor'])
    await rm(join(folder, built), { recursive: true, force: true })
  await symlink(pathInProject('node_modules'), join(folder, 'node_modules'))
  const PATH = `${pathInProject('node_modules/.bin')}:${process.env.PATH}`
  const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const commands = ['css', 'vendor', 'bundle', 'docs'].map(name => scripts[name])
  await Promise.all(commands.map(shell => execa('sh', ['-c', shell], { cwd: folder, env: { PATH } })))
  return folder
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const path of glob('{dist,public}/**/*.*', { cwd: folder })) {
    const content = await readFile(join(folder, path))
    found[path] = createHash('sha256').update(content).digest('hex')
  }
  return found
}

it('two builds in two folders are the same bytes, start from any folder, and send traces', async () => {
  const [one, other] = await Promise.all([build('crat-one-'), build('crat-two-')])
  const [built, again] = [await hashes(one), await hashes(other)]
  assert.ok(Object.keys(built).length > 10)
  assert.deepEqual(again, built)

  const DATA_DIR = await mkdtemp(join(tmpdir(), 'crat-data-'))
  after(() => rm(DATA_DIR, { recursive: true, force: true }))
  const receiver = await startOtlpReceiver()
  after(() => receiver.close())
  const env = {
    ...{ DATABASE_URL: await emptyDatabase(), DATA_DIR, ROLE: 'web', OTEL_BSP_SCHEDULE_DELAY: '100' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
  }
  const crat = await startProgram(join(one, 'dist/server.js'), env, '/')
  const anyone = new ApiClient(await crat.ready())
  assert.equal((await anyone.post('/builds', coreBuild(101))).status, 201)
  await receiver.waitForSpan(({ name }) => name === 'announce build')
})
