import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A service that says its version and lists what it was configured with. */
const SERVICE = `
import { readFileSync, existsSync } from 'node:fs'
import { createServer } from 'node:http'
const version = readFileSync(new URL('./version', import.meta.url), 'utf8')
const broken = existsSync(new URL('./broken', import.meta.url))
createServer((req, res) => {
  res.writeHead(broken ? 503 : 200, { connection: 'close' })
  res.end(req.url === '/version' ? version : 'ok')
}).listen(Number(process.env.PORT), '127.0.0.1')
`

const START = `#!/bin/sh
cd "$(dirname "$0")/.."
[ ! -f slow-start ] || sleep "$(cat slow-start)"
"$NODE" service.mjs &
echo $! > service.pid
`

const STOP = `#!/bin/sh
cd "$(dirname "$0")/.."
[ -f service.pid ] || exit 0
kill "$(cat service.pid)" 2> /dev/null
while kill -0 "$(cat service.pid)" 2> /dev/null; do sleep 0.02; done
rm service.pid
`

export interface ServicePackage {
  version: string
  /** Beside those of the service, or instead of them; null leaves one out. */
  files?: Record<string, string | null>
}

/** A real .tgz of a small HTTP service with scripts to start and stop it. */
export async function makeServicePackage(
  path: string,
  { version, files = {} }: ServicePackage,
): Promise<void> {
  const all: Record<string, string | null> = {
    'service.mjs': SERVICE,
    version,
    'scripts/start.sh': START,
    'scripts/stop.sh': STOP,
    'conf/service.conf': `from package ${version}\n`,
    ...files,
  }
  const staging = await mkdtemp(join(tmpdir(), 'crat-service-'))
  try {
    for (const [name, text] of Object.entries(all)) {
      if (text === null) continue
      const file = join(staging, 'service', name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
      if (text.startsWith('#!')) await chmod(file, 0o755)
    }
    await run('tar', ['-czf', path, '-C', staging, 'service'])
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}
