import { glob } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openCluster } from '../../src/postgres/cluster.ts'
import { findServer, stopServer } from '../../src/postgres/server.ts'

/** Stops each PostgreSQL in that folder: a process that was killed leaves its own running. */
export async function stopPostgresBelow(folder: string): Promise<void> {
  for await (const pidFile of glob('**/cluster/postmaster.pid', { cwd: folder })) {
    const cluster = await openCluster(dirname(dirname(join(folder, pidFile))))
    if (await findServer(cluster)) await stopServer(cluster, 'fast')
  }
}
