import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after } from 'node:test'
import type { HttpNeighbour } from '../neighbours/http-neighbour.ts'
import { startTestServer } from '../neighbours/test-server.ts'
import {
  ADMIN_PASSWORD,
  LI_WEI,
  openWorld,
  startWorkingWorld,
  WANG_FANG,
  type WorkingWorld,
} from '../world/index.ts'
import { createNormalise } from './normalise.ts'
import { type Body, Caller, Recorder } from './recorder.ts'

/** What the stories need: who asks, and whom CRAT asks. */
export interface StoryWorld extends Callers {
  recorder: Recorder
  neighbours: WorkingWorld['neighbours']
  /** The test server that speaks version 2; the settings name it where a story wants it. */
  versionTwo: HttpNeighbour
  url: string
  /** The test item `cds` of the job CDN/Core. */
  cds: number
  /** Puts packages into a directory of the package server. */
  putPackages(directory: string, ...names: string[]): Promise<void>
  /** Waits until a run has ended and its mail, if there is one, was sent. */
  untilOver(run: number): Promise<void>
  untilStatus(run: number, status: string): Promise<void>
}

interface Callers {
  nobody: Caller
  liWei: Caller
  wangFang: Caller
  admin: Caller
  /** Whoever has this token. */
  as(name: string, token: string): Caller
  /** Nobody in particular, at a second server whose webhook has the secret `WEBHOOK_SECRET`. */
  jenkins: Caller
}

export const WEBHOOK_SECRET = 'only for the webhook'

/** The same bytes each time: a gzip file that holds three letters. */
const PACKAGE = Buffer.from('H4sIAAAAAAACA0tOKQYATiJNfQMAAAA=', 'base64')

export async function startStoryWorld(): Promise<StoryWorld> {
  const world = await startWorkingWorld()
  const { neighbours, cds, url } = world
  const versionTwo = await startVersionTwo(world)
  const recorder = new Recorder(createNormalise(world, hostsOf(world, versionTwo)))
  const callers = await logInAll(world, recorder)
  // Waits, and is not recorded.
  const watcher = await world.logIn('watcher@example.com')
  return {
    ...{ recorder, neighbours, versionTwo, url, cds, ...callers },
    putPackages: (directory, ...names) => putPackages(join(neighbours.packageServer.root, directory), names),
    async untilOver(id) {
      await watcher.untilFinished(id)
      await watcher.untilRun(id, ({ steps }) => steps.every((step: Body) => step.status !== 'RUNNING'))
    },
    async untilStatus(id, status) {
      await watcher.untilRun(id, run => run.status === status)
    },
  }
}

async function startVersionTwo({ neighbours, dataDir }: WorkingWorld): Promise<HttpNeighbour> {
  const { root, url } = neighbours.reportServer
  const workDir = join(dataDir, 'test-server')
  const places = { workDir, reportDir: root, reportBaseUrl: url }
  const server = await startTestServer({ protocol: 2, canned: true, minPhaseMs: 0, ...places })
  after(() => server.close())
  return server
}

function hostsOf({ neighbours }: WorkingWorld, versionTwo: HttpNeighbour): Record<string, string> {
  return {
    [neighbours.packageServer.url]: '<package server>',
    [neighbours.testServer.url]: '<test server>',
    [neighbours.reportServer.url]: '<reports>',
    [versionTwo.url]: '<test server 2>',
  }
}

async function logInAll(world: WorkingWorld, recorder: Recorder): Promise<Callers> {
  // Before the others: opening a server logs in, too, which may end an older session.
  const env = { ROLE: 'web', WEBHOOK_TOKEN: WEBHOOK_SECRET }
  const guarded = await openWorld(world.dataDir, world.databaseUrl, { env })
  const as = (name: string, token: string | null, url = world.url) =>
    new Caller(recorder, { name, url, token })
  const logIn = async (name: string, email: string, password?: string) =>
    as(name, (await world.logIn(email, password)).token)
  return {
    as,
    nobody: as('nobody', null),
    jenkins: as('nobody, at the server with a secret', null, guarded.url),
    liWei: await logIn('user', LI_WEI),
    wangFang: await logIn('other user', WANG_FANG),
    admin: await logIn('admin', 'admin', ADMIN_PASSWORD),
  }
}

async function putPackages(folder: string, names: string[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of names) await writeFile(join(folder, name), PACKAGE)
}
