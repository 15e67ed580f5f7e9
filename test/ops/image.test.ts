import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from '../../src/postgres/free-port.ts'

const root = new URL('../../', import.meta.url)
const BASE = 'node:26-slim'

/** `podman --runtime runc`, for one, where an engine needs options; else the first that can. */
const ENGINES = process.env.CONTAINER_ENGINE ? [process.env.CONTAINER_ENGINE] : ['docker', 'podman']
const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024']

const { engine, skip } = await findEngine()

/** One that runs containers here, and has the base: a test does not download hundreds of megabytes. */
async function findEngine(): Promise<{ engine: string; skip: string | false }> {
  const reasons: string[] = []
  for (const engine of ENGINES) {
    const run = ['run', '--rm', '--pull=never', '--network=host', ...LIMITS, BASE, 'node', '--version']
    const tried = await command(engine, run, false)
    if (!tried.failed) return { engine, skip: false }
    reasons.push(`${engine}: ${(tried.stderr || tried.message || '').split('\n').at(-1)}`)
  }
  return { engine: '', skip: `no container engine runs ${BASE} (${reasons.join('; ')})` }
}

function command(words: string, args: string[], reject = true) {
  const [program = '', ...options] = words.split(' ')
  // Of podman's two formats this one knows health checks.
  return execa(program, [...options, ...args], { cwd: root, reject, env: { BUILDAH_FORMAT: 'docker' } })
}

const ask = (args: string[], reject = true) => command(engine, args, reject)

/** Takes minutes: CRAT_IMAGE names one that is there. */
async function buildImage(): Promise<string> {
  const image = `localhost/crat-test:${randomBytes(6).toString('hex')}`
  await ask(['build', '--tag', image, '.'])
  after(() => ask(['rmi', '--force', image], false))
  return image
}

async function startContainer(image: string): Promise<{ name: string; url: string }> {
  const name = `crat-${randomBytes(6).toString('hex')}`
  const port = await freePort()
  after(() => ask(['rm', '--force', '--volumes', name], false))
  await ask([
    ...['run', '--detach', '--name', name, '--network', 'host', '--env', `PORT=${port}`],
    ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...[...LIMITS, '--no-healthcheck', image],
  ])
  return { name, url: `http://127.0.0.1:${port}` }
}

async function untilReady({ name, url }: { name: string; url: string }): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/ready`).catch(() => null)
    if (response?.ok) return
    const { stdout } = await ask(['inspect', '--format', '{{.State.Running}}', name])
    if (stdout !== 'true') assert.fail((await ask(['logs', name])).stdout)
    await pause(100)
  }
}

describe('the image', { skip, timeout: 900_000 }, () => {
  it('runs with a root filesystem that is read-only, as nobody in particular, and stops in order', async () => {
    const image = process.env.CRAT_IMAGE ?? (await buildImage())
    const { Config, Healthcheck = Config.Healthcheck } = JSON.parse(
      (await ask(['image', 'inspect', image])).stdout,
    )[0]
    assert.equal(Config.User, '1000:1000')
    assert.deepEqual(Object.keys(Config.Volumes), ['/data'])

    const container = await startContainer(image)
    await untilReady(container)
    const version = await (await fetch(`${container.url}/api/v1/version`)).text()
    assert.equal(JSON.parse(version).data.app_name, 'CRAT')
    assert.equal((await fetch(`${container.url}/login`)).status, 200)

    const inside = async (...words: string[]) => ask(['exec', container.name, ...words], false)
    const [kind, ...check] = Healthcheck.Test
    assert.equal(kind, 'CMD')
    assert.equal((await inside(...check)).exitCode, 0)
    assert.match((await inside('touch', '/app/file')).stderr, /Read-only file system/)
    const files = (await inside('ls', '/app')).stdout.split('\n')
    assert.deepEqual(files, ['dist', 'node_modules', 'package.json', 'prisma', 'public', 'src', 'views'])
    assert.equal((await inside('ls', '/app/src')).stdout, 'locales')

    await ask(['stop', '--time', '12', container.name])
    assert.equal((await ask(['inspect', '--format', '{{.State.ExitCode}}', container.name])).stdout, '0')
  })
})
