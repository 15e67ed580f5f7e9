import { POLL, SUBMIT, taskAnswer } from '../../neighbours/test-server.ts'
import { type FaultWorld, until } from './index.ts'
import type { Witness } from './witness.ts'

/** Keeps a run in a state until it is let go. */
export interface Hold {
  state: string
  begin(world: FaultWorld): void
  /** Whether it stands there. */
  holds(world: FaultWorld, status: string, submits: number): boolean
  release(world: FaultWorld): void
}

export const HOLDS: Hold[] = [
  {
    state: 'MONITORING',
    begin: ({ neighbours }) => neighbours.testServer.answerAlways(POLL, taskAnswer('running:test')),
    holds: (_world, status) => status === 'MONITORING',
    release: ({ neighbours }) => neighbours.testServer.behave(),
  },
  {
    state: 'TESTING',
    begin: ({ lines }) => {
      lines.tests.delayMs = () => 500
    },
    holds({ lines, neighbours }, _status, submits) {
      const left = neighbours.testServer.requestsTo(SUBMIT).length > submits
      if (left) lines.tests.hold()
      return left
    },
    release({ lines }) {
      lines.tests.delayMs = () => 0
      lines.tests.release()
    },
  },
  {
    state: 'DOWNLOADING',
    begin: ({ lines }) => {
      lines.packages.bytesPerSecond = 50_000
    },
    holds: (_world, status) => status === 'DOWNLOADING',
    release: ({ lines }) => {
      lines.packages.bytesPerSecond = Number.POSITIVE_INFINITY
    },
  },
  {
    state: 'DOWNLOADED',
    begin: ({ lines }) => lines.tests.hold(),
    holds: (_world, status) => status === 'DOWNLOADED',
    release: ({ lines }) => lines.tests.release(),
  },
  {
    state: 'mail',
    begin: ({ lines }) => lines.mails.hold(),
    holds: ({ lines }) => lines.mails.open() > 0,
    release: ({ lines }) => lines.mails.release(),
  },
]

/** A run that stands in this state; says its id. */
export async function holdRun(
  world: FaultWorld,
  witness: Witness,
  hold: Hold,
  build: number,
): Promise<number> {
  const build_info_id = await world.buildCore(build, 250_000)
  const submits = world.neighbours.testServer.requestsTo(SUBMIT).length
  hold.begin(world)
  const id = await world.trigger({ build_info_id })
  const stands = async () => hold.holds(world, await witness.statusOf(id), submits)
  await until(`run ${id} is held in ${hold.state}`, stands, 30_000, 10)
  return id
}
