import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The resident memory of a process that leads its group, and of those that it started in it. */
export async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,rss='])
  const rows = stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  const kilobytes = rows.reduce((sum, [group, rss = 0]) => sum + (group === pid ? rss : 0), 0)
  if (kilobytes === 0) throw new Error(`There is no process ${pid}`)
  return (kilobytes * 1024) / 1e6
}
