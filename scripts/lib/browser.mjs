import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { withLock } from './lock.mjs'
import { run } from './run.mjs'

/** The browser for the end-to-end tests; Debian's chromium is installed where there is none and we may. */
export async function installBrowser(signal) {
  const present = findBrowser()
  if (present) return present
  const mayInstall = process.getuid?.() === 0 && onPath('apt-get')
  if (!mayInstall) throw new Error(`The end-to-end tests need a browser. ${HOW_TO}`)
  await withLock(join(tmpdir(), 'crat-browser.lock'), () => aptInstall(signal), signal)
  const installed = findBrowser()
  if (!installed) throw new Error(`Debian's chromium was installed, but is not on the PATH. ${HOW_TO}`)
  return installed
}

/** The first has no windows at all, and needs the least. */
const BROWSERS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']

const HOW_TO = 'Install one (apt-get install chromium), or name yours: CHROMIUM_PATH=/path/to/chromium'

function findBrowser() {
  const given = process.env.CHROMIUM_PATH
  if (given) return given
  return BROWSERS.map(onPath).find(Boolean)
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, program))
    .find(path => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

async function aptInstall(signal) {
  if (findBrowser()) return
  console.log("Installing Debian's chromium for the end-to-end tests (apt-get) …")
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, signal }
  await run('apt-get', ['-q', 'update'], options)
  const install = name => run('apt-get', ['-q', '-y', 'install', '--no-install-recommends', name], options)
  await install(BROWSERS[0]).catch(() => install(BROWSERS[1]))
}
