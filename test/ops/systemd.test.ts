import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { execa } from 'execa'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const read = (path: string) => readFile(join(root, path), 'utf8')
const units = (await readdir(join(root, 'ops'))).filter(name => name.endsWith('.service'))
const { failed: missing } = await execa('systemd-analyze', ['--version'], { reject: false })

for (const unit of units) {
  it(`${unit} starts a file that is there, by Node.js itself`, async () => {
    const [, command = ''] = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(await read(`ops/${unit}`)) ?? []
    const [node, ...words] = command.split(/\s+/)
    assert.equal(node, '/opt/crat/node_modules/.bin/node')
    const program = words.find(word => !word.startsWith('--')) ?? ''
    const source = program.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')
    assert.ok(existsSync(join(root, source)), program)
  })

  it(`${unit} is what systemd reads`, { skip: missing && 'systemd-analyze is not here' }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crat-units-'))
    after(() => rm(folder, { recursive: true, force: true }))
    // It also looks whether the program is there.
    const here = (await read(`ops/${unit}`)).replaceAll('/opt/crat', root)
    await writeFile(join(folder, unit), here)
    const { all } = await execa('systemd-analyze', ['verify', '--man=no', join(folder, unit)], {
      ...{ reject: false, all: true },
    })
    assert.equal(all, '')
  })
}

it('the image starts CRAT with the options of npm start', async () => {
  const { scripts } = JSON.parse(await read('package.json'))
  const command = /^CMD \[(?:.*\\\n)?.*\]$/m.exec(await read('Dockerfile'))?.[0] ?? ''
  assert.deepEqual(command.match(/--[\w-]+=\w+/g), scripts.start.match(/--[\w-]+=\w+/g))
})

it('the unit starts CRAT with the options of npm start, and variables that it knows', async () => {
  const unit = await read('ops/crat.service')
  const { scripts } = JSON.parse(await read('package.json'))
  const options = (text: string) => text.match(/--[\w-]+=\S+/g)
  assert.deepEqual(options(/^ExecStart=.*$/m.exec(unit)?.[0] ?? ''), options(scripts.start))
  const [, environment = ''] = /^Environment=(.*)$/m.exec(unit) ?? []
  const set = environment.split(' ').map(assignment => assignment.split('=')[0] ?? '')
  const ofNode = ['NODE_ENV', 'NODE_COMPILE_CACHE', 'MALLOC_ARENA_MAX']
  const known = [...Object.keys(parseEnv(await read('.env.example'))), ...ofNode]
  assert.deepEqual(
    set.filter(name => !known.includes(name)),
    [],
  )
  for (const [name] of scripts.start.matchAll(/\b[A-Z_]+(?==)/g)) assert.ok(set.includes(name), name)
})
