import { resolve } from 'node:path'
import { loadEnvFile, readConfig } from '../../src/config.ts'
import { SERVER, untilReady } from './crat.ts'
import { logIn } from './crat-client.ts'
import { startDemoNeighbours } from './demo-neighbours.ts'
import { announceBuild, furnish, mailEnvironment, makeDemoBuilds } from './demo-world.ts'
import { cleanUpAll, startProcess } from './processes.ts'
import { stopped, stopSignal } from './signals.ts'
import { done, fact, failed, heading } from './terminal.ts'

const USAGE = `CRAT for its developers: restarted when a file changes, with CSS watch and the demo's neighbours.

  ./scripts/dev

  The environment and .env configure it as for npm start. The neighbours' addresses are written into its
  settings; a build is announced. ADMIN_PASSWD is "admin" if missing.`

if (process.argv.includes('--help')) {
  console.log(USAGE)
  process.exit()
}

const stop = stopSignal()
const cleanUps: (() => Promise<void>)[] = []
try {
  loadEnvFile()
  const { dataDir, port } = readConfig({ ALLOW_WEAK_SECRETS: 'true', ...process.env })
  const neighbours = await startDemoNeighbours(resolve(dataDir, 'neighbours'))
  cleanUps.push(neighbours.close)
  const [build] = await makeDemoBuilds(neighbours)
  const css = startProcess('npm', ['run', '--silent', 'css', '--', '--watch=always'])
  cleanUps.push(css.stop)
  const adminPassword = process.env.ADMIN_PASSWD || 'admin'
  const crat = startProcess(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--watch', '--watch-preserve-output', SERVER],
    {
      env: {
        ALLOW_WEAK_SECRETS: 'true',
        ...process.env,
        ADMIN_PASSWD: adminPassword,
        ...mailEnvironment(neighbours),
      },
    },
  )
  cleanUps.push(crat.stop)
  const cratUrl = `http://127.0.0.1:${port}`
  await untilReady(cratUrl, crat, stop)
  await furnish(await logIn(cratUrl, { email: 'admin', password: adminPassword }), neighbours)
  if (build) await announceBuild(cratUrl, build.packagePath, 101)

  heading('Ready')
  done('it restarts when a file changes; Ctrl-C ends everything')
  fact('CRAT', cratUrl)
  fact('packages', neighbours.packageServer.url)
  fact('mails', neighbours.mailSink.folder)
  await stopped(stop)
} catch (error) {
  if (!stop.aborted) failed((error as Error).message)
  process.exitCode = 1
} finally {
  await cleanUpAll(cleanUps)
}
