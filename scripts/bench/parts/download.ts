import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench, Part } from '../bench.ts'
import { atMost, type Figure } from '../figures.ts'
import type { FetchFigures } from '../programs/fetch-package.ts'
import { inTurns, median } from '../statistics.ts'

const run = promisify(execFile)
const MEMBERS = 1_000

interface Served {
  url: string
  packagePath: string
  name: string
  size: number
}

export const download: Part = {
  name: 'download',
  about:
    'a package of 1 GB, its gzip stream and SHA-256 checked, against `curl -o` and against SHA-256 alone',
  async measure(bench) {
    const members = bench.options.quick ? MEMBERS / 10 : MEMBERS
    const server = bench.startProgram<Served>('package-server.ts', [`${members}`])
    const served = await server.said
    const measured = await inTurns(bench.pace.rounds, {
      curl: () => fetchWithCurl(bench, served),
      ours: () => fetchAsRun(bench, served),
      hash: async () => hashAlone(served.size),
    })
    for (const figure of figuresOf(measured, served.size)) bench.record(figure)
  },
}

interface Measured {
  curl: number[]
  ours: FetchFigures[]
  hash: number[]
}

function figuresOf({ curl, ours, hash }: Measured, size: number): Figure[] {
  const rateOf = (seconds: number[]) => size / 1e6 / median(seconds)
  const rate = rateOf(ours.map(({ seconds }) => seconds))
  const met = rate >= 0.9 * Math.min(rateOf(curl), rateOf(hash))
  const grown = Math.max(...ours.map(({ memory }) => memory.most - memory.before))
  return [
    {
      ...{ name: 'fetched and checked, beside curl -o', unit: 'MB/s', machine: rateOf(curl), ours: rate },
      target: { text: '≥ 0.9 × or as SHA-256', met },
    },
    { name: '… beside SHA-256 alone', unit: 'MB/s', machine: rateOf(hash), ours: rate },
    { name: 'again, not transferred', unit: 's', ours: median(ours.map(each => each.againSeconds)) },
    { name: 'memory meanwhile, more', unit: 'MB', ours: grown, target: atMost(100, 'MB', grown) },
  ]
}

async function fetchWithCurl({ folder }: Bench, { url, packagePath, name }: Served): Promise<number> {
  const file = join(folder, 'curl.tgz')
  const began = performance.now()
  await run('curl', ['--silent', '--show-error', '--fail', '-o', file, `${url}/${packagePath}/${name}`])
  const seconds = (performance.now() - began) / 1000
  await rm(file)
  return seconds
}

async function fetchAsRun(bench: Bench, { url, packagePath }: Served): Promise<FetchFigures> {
  const folder = join(bench.folder, 'packages')
  await mkdir(folder)
  const program = bench.startProgram<FetchFigures>('fetch-package.ts', [url, packagePath, folder])
  const figures = await program.said
  await program.stop()
  await rm(folder, { recursive: true })
  return figures
}

/** Of so many bytes that are in memory. */
function hashAlone(size: number): number {
  const piece = randomBytes(1_000_000)
  const began = performance.now()
  const hash = createHash('sha256')
  for (let hashed = 0; hashed < size; hashed += piece.length) hash.update(piece)
  hash.digest()
  return (performance.now() - began) / 1000
}
