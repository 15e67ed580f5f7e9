import { randomBytes } from 'node:crypto'
import { logIn } from '../lib/crat-client.ts'
import { runInWorker } from './in-worker.ts'
import { failuresIn, type LoadResult } from './load.ts'

/** A CRAT that somebody else runs, known by its API alone. */
export interface OtherServer {
  url: string
  bearer: Record<string, string>
  /** Announces builds until it holds so many; says how many it then holds. */
  fill(builds: number): Promise<number>
}

export async function openOtherServer(url: string): Promise<OtherServer> {
  const user = await logIn(url, { email: 'bench@example.com' })
  const bearer = { authorization: `Bearer ${user.token}` }

  async function count(): Promise<number> {
    const { total } = await user.get<{ total?: number }>('/builds?limit=1')
    if (typeof total !== 'number') throw new Error(`${url} does not say how many builds it holds`)
    return total
  }

  async function announce(builds: number): Promise<void> {
    const { statuses } = await runInWorker<LoadResult>('http-load.ts', {
      ...{ url, clients: 64, warmUpSeconds: 0, seconds: Infinity },
      announce: {
        spread: 'filled',
        from: 1,
        folder: `bench/${randomBytes(4).toString('hex')}`,
        most: builds,
      },
    })
    const failures = failuresIn(statuses)
    if (failures) throw new Error(`${url} did not take the builds: ${failures}`)
  }

  return {
    ...{ url, bearer },
    async fill(builds) {
      const held = await count()
      if (held < builds) await announce(builds - held)
      return Math.max(held, builds)
    },
  }
}
