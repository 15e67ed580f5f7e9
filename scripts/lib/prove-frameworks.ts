import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeServicePackage } from '../../test/test-server/service-package.ts'
import { freePort } from './crat.ts'
import type { ShownRun } from './crat-client.ts'
import { type Framework, goTest, load, pytest } from './prove/frameworks.ts'
import { installGo, installPython, type Tool } from './prove/tools.ts'
import { type ProofWorld, startProofWorld } from './prove/world.ts'
import { stopSignal } from './signals.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { done, fact, failed, heading, under } from './terminal.ts'

const USAGE = `Real test frameworks, end to end into a mail: pytest with allure-pytest, go test through JUnit, load by Locust.

  ./scripts/prove-frameworks

It sets up the tools in a temporary folder where Python and Go are, and says so where they are not.`

if (parseArgs({ options: { help: { type: 'boolean' } } }).values.help) {
  console.log(USAGE)
  process.exit()
}

const stop = stopSignal()
const folder = await temporaryFolder('crat-frameworks-')
try {
  heading('Setting up')
  const frameworks = await installFrameworks()
  if (frameworks.length > 0) await prove(frameworks)
} catch (error) {
  failed(stop.aborted ? 'Stopped' : (error as Error).message)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function installFrameworks(): Promise<Framework[]> {
  const [python, go] = [await installPython(folder, stop), await installGo(folder, stop)]
  const use = (name: string, tool: Tool, make: (path: string) => Framework[]) => {
    if ('missing' in tool) under(`${name} is not tried. ${tool.missing}`)
    else done(`${name} is here`)
    return 'missing' in tool ? [] : make(tool.path)
  }
  return [
    ...use('pytest', python.pytest, path => [pytest(path)]),
    ...use('go test', go, path => [goTest(path)]),
    ...use('Locust', python.locust, path => [load(path, 0), load(path, 2)]),
  ]
}

async function prove(frameworks: Framework[]): Promise<void> {
  await mkdir(join(folder, 'install'))
  const services = await Promise.all(frameworks.map(serviceFor))
  const world = await startProofWorld(folder, services, stop)
  try {
    for (const framework of frameworks) await proveFramework(world, framework)
  } finally {
    await world.close()
  }
}

async function serviceFor({ name, tests }: Framework): Promise<object> {
  const port = await freePort(0)
  const url = `http://127.0.0.1:${port}`
  return {
    ...{ name, kind: 'directory', install_dir: join(folder, 'install', name), address: url, tests },
    environment: { PORT: `${port}`, NODE: process.execPath },
    health: { url: `${url}/health`, timeout: '20s' },
  }
}

async function proveFramework(world: ProofWorld, { name, files, expected, named }: Framework): Promise<void> {
  heading(name)
  const build = `build/${name}`
  await mkdir(join(world.packageServer.root, build), { recursive: true })
  const path = join(world.packageServer.root, build, `${name}-1.0_release.tgz`)
  await makeServicePackage(path, { version: '1.0', files })
  const fields = { service_name: name, install_dir: '', upgrade_type: 'full', test_path: '', base_url: '' }
  const item = await world.addItem(name, `Proof/${name}`, {
    ...fields,
    report_keyword: name,
    region: 'north',
  })
  const run = await world.untilEnded(await world.testBuild(item, `Proof/${name}`, build))
  if (run.status !== 'COMPLETED') throw new Error(`The run ended ${run.status}: ${run.error_message}`)
  const { total, failed: broken } = run.summary ?? { total: 0, failed: 0 }
  if (total !== expected.total || broken !== expected.failed)
    throw new Error(`${broken} of ${total} tests failed, not ${expected.failed} of ${expected.total}`)
  done(`run ${run.id}: ${broken} of ${total} tests failed, as they should`)
  await proveMail(world, run, named)
  await proveTask(world, run)
}

async function proveMail({ mailSink }: ProofWorld, { id }: ShownRun, named: string[]): Promise<void> {
  const mail = await mailSink.waitForMail(({ html }) => html?.includes(`/runs/${id}"`) ?? false)
  const missing = named.filter(word => !mail.text?.includes(word))
  if (missing.length > 0) throw new Error(`The mail does not name ${missing.join(', ')}:\n${mail.text}`)
  done(`the mail "${mail.subject}" names ${named.join(', ')}`)
}

/** What the test server says beyond version 1. */
async function proveTask({ testServer, person }: ProofWorld, { id, task_id }: ShownRun): Promise<void> {
  const task = await getJson(`${testServer.url}/api/tasks/${task_id}`)
  const { attempts, load: figures } = task.result.test
  if (attempts) fact('attempts', attempts.map(({ name, status }: Shown) => `${name} ${status}`).join(', '))
  if (!figures) return
  fact('load', JSON.stringify(figures))
  const { points } = await getJson(`${testServer.url}/api/tasks/${task_id}/metrics`)
  const gaps = points.slice(1).map(({ t }: Shown, nth: number) => t - points[nth].t)
  fact(
    'points',
    `${points.length}, at most ${Math.max(...gaps).toFixed(1)} s apart; ${JSON.stringify(points[5])}`,
  )
  if (Math.max(...gaps) > 2) throw new Error('The points are more than 2 s apart')
  if (points.length < 5) throw new Error('There are too few points')
  const kept = await person.get<{ points: unknown[] }>(`/deploy-test-runs/${id}/load`)
  if (kept.points.length !== points.length)
    throw new Error(`CRAT kept ${kept.points.length} of ${points.length} points`)
  done('CRAT has kept them all')
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the protocol, of which a few fields are read
type Shown = any

async function getJson(url: string): Promise<Shown> {
  return await (await fetch(url)).json()
}
