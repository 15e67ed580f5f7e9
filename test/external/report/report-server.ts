import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

type Answer = string | Buffer | ((request: IncomingMessage, response: ServerResponse) => void)

/** A web server on loopback with these files; anything else is 404. `asked` lists the paths in order. */
export async function reportServer(t: TestContext, files: Record<string, Answer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const answer = files[path]
    if (typeof answer === 'function') return answer(request, response)
    if (answer === undefined) response.statusCode = 404
    response.end(answer ?? 'no such file')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** A file of a report that a real Allure generated. */
export const allure = (path: string) =>
  readFileSync(new URL(`../../fixtures/allure/${path}`, import.meta.url), 'utf8')

/** The words under `tried`, in order. */
export const words = (tried: { result: { key: string } }[]) => tried.map(({ result }) => result.key)
