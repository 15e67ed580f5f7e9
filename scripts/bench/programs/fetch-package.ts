// Fetches a package into a folder as a run does, then once more, which must not transfer it.
import { fetchPackage, findPackage } from '../../../src/external/package-server/index.ts'

/** What it says when it is done. */
export interface FetchFigures {
  seconds: number
  againSeconds: number
  path: string
  /** Megabytes of memory before, and the most meanwhile. */
  memory: { before: number; most: number }
}

const [baseUrl = '', packagePath = '', folder = ''] = process.argv.slice(2)
const choice = await findPackage({ baseUrl, packagePath, itemName: 'cds' })
const megabytes = () => process.memoryUsage.rss() / 1e6
const before = megabytes()
let most = before
setInterval(() => {
  most = Math.max(most, megabytes())
}, 100).unref()

const first = await timed(() => fetchPackage(choice, { folder }))
const second = await timed(() => fetchPackage(choice, { folder }))
const { checksum, sha256, path } = first.value
if (checksum?.value !== sha256) throw new Error('it was not compared with its checksum')
if (!second.value.reused) throw new Error('it was transferred again')
process.send?.({
  ...{ seconds: first.seconds, againSeconds: second.seconds, path, memory: { before, most } },
} satisfies FetchFigures)
process.on('disconnect', () => process.exit())

async function timed<T>(act: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const began = performance.now()
  const value = await act()
  return { value, seconds: (performance.now() - began) / 1000 }
}
