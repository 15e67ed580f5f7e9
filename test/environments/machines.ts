import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { HttpNeighbour } from '../neighbours/http-neighbour.ts'
import { startTestServer } from '../neighbours/test-server.ts'
import type { WorkingWorld } from '../world/index.ts'

/** A deploy_and_test server of its own, added as an environment. */
export interface Machine extends HttpNeighbour {
  id: number
  name: string
}

/** Adds machines whose tasks take as long as `milliseconds` says, and publish nothing. */
export async function addMachines(
  world: WorkingWorld,
  names: string[],
  { milliseconds = () => 50, labels = [] }: { milliseconds?: () => number; labels?: string[] } = {},
): Promise<Machine[]> {
  const machines: Machine[] = []
  for (const name of names) {
    const server = await startTestServer({
      ...{ workDir: `${world.dataDir}/${name}`, reportDir: `${world.dataDir}/reports`, reportBaseUrl: '' },
      async work({ service_name, upgrade_type }, { enter }) {
        await enter('running:test')
        await pause(milliseconds())
        return {
          deploy: { service: service_name, upgrade_type, success: true },
          test: { report_url: 'None' },
        }
      },
    })
    after(() => server.close())
    const { body } = await world.admin.post('/environments', { name, test_server_url: server.url, labels })
    machines.push({ ...server, id: body.data.id, name })
  }
  return machines
}
