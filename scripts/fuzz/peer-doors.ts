import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { readChecksum } from '../../src/external/package-server/checksum.ts'
import { findPackage } from '../../src/external/package-server/index.ts'
import { readReport } from '../../src/external/report/index.ts'
import { getTask } from '../../src/external/test-server/index.ts'
import { AppError } from '../../src/lib/errors.ts'
import type { Door, Outcome } from './door.ts'
import { damaged, json, mutated, objectLike, scalar, text } from './inputs.ts'

const FIXTURES = new URL('../../test/fixtures/', import.meta.url).pathname
const MAX_DOCUMENT_BYTES = 100_000
const SUM = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** A server that answers with what it is given, asked by CRAT's own readers; any error but an AppError is a failure. */
export async function peerDoors(): Promise<{ doors: Door[]; close(): Promise<void> }> {
  const bodies = new Map<string, Buffer>()
  let count = 0
  const server = createServer((request, response) => {
    const key = /^\/(\d+)\//.exec(request.url ?? '')?.[1] ?? ''
    response.end(bodies.get(key))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function at(body: Buffer, ask: (base: string) => Promise<unknown>): Promise<Outcome> {
    count += 1
    const key = String(count)
    bodies.set(key, body)
    try {
      await ask(`${root}/${key}/`)
      return { answer: 'read' }
    } catch (error) {
      if (error instanceof AppError) return { answer: 'refused' }
      return { answer: 'failed', problem: String((error as Error).stack ?? error) }
    } finally {
      bodies.delete(key)
    }
  }
  const door = (
    name: string,
    inputs: fc.Arbitrary<Buffer>,
    ask: (base: string) => Promise<unknown>,
  ): Door => ({
    ...{ name, inputs },
    attempt: body => at(body as Buffer, ask),
  })

  const signal = new AbortController().signal
  const listings = await documents('listings/**/*')
  const reports = await documents('{allure,canned-report}/**/*.{json,html,xml}')
  const doors = [
    door('listing', fc.oneof(listing, mutated(listings)), base =>
      findPackage({ baseUrl: base, packagePath: 'a/b', itemName: 'cds' }),
    ),
    door('checksum', checksum, base =>
      readChecksum('cds.tgz', [{ algorithm: 'sha256', url: `${base}SHA256SUMS` }], {}),
    ),
    door('task', task, base => getTask(base, 'task-1', { signal, timeoutMs: 5_000 })),
    door('report', fc.oneof(mutated(reports), junit, damaged(json)), base =>
      readReport(`${base}report.html`),
    ),
    door('report', fc.oneof(mutated(reports), damaged(json)), base => readReport(base)),
  ]
  return {
    doors,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function documents(pattern: string): Promise<Buffer[]> {
  const files = await Array.fromAsync(glob(pattern, { cwd: FIXTURES, withFileTypes: true }))
  const found = files
    .filter(file => file.isFile())
    .map(file => readFileSync(`${file.parentPath}/${file.name}`))
  return found.filter(bytes => bytes.length > 0 && bytes.length < MAX_DOCUMENT_BYTES)
}

const listing = fc
  .array(fc.tuple(text, text), { maxLength: 20 })
  .map(files =>
    Buffer.from(files.map(([href, name]) => `<a href="${href}">${name}</a> 26-Jun-2024 02:15 1K`).join('\n')),
  )

const checksum = fc
  .array(
    fc.oneof(
      text,
      text.map(name => `${SUM}  ${name}`),
      text.map(name => `SHA256 (${name}) = ${SUM}`),
    ),
  )
  .map(lines => Buffer.from(lines.join('\n')))

const part = objectLike({ success: fc.boolean(), skipped: fc.boolean(), report_url: text, error: json })
const task = damaged(
  objectLike({
    status: fc.oneof(fc.constantFrom('completed', 'failed', 'running:test'), text),
    start_time: scalar,
    error: json,
    result: objectLike({ deploy: part, test: part, report_url: text }),
  }),
)

const junit = fc
  .array(fc.tuple(text, text), { maxLength: 10 })
  .map(cases =>
    Buffer.from(
      `<testsuite>${cases.map(([name, why]) => `<testcase name="${name}"><failure message="${why}">${why}</failure></testcase>`).join('')}`,
    ),
  )
