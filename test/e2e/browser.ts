import { after } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** An admin in a browser. The API's `admin` is another session: there is one for each address. */
export const ZHANG_HUA = 'zhang.hua@example.com'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let launched: Promise<Browser> | undefined

/** One browser for the tests of this process. */
function browser(): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
    args: FLAGS,
  })
  return launched
}

after(async () => {
  const browser = await launched
  // A process that runs another test file starts one more, which goes with it.
  launched = undefined
  await browser?.close()
})

/** Somebody's window onto CRAT, with cookies of its own. `page.context().newPage()` is their next tab. */
export async function openWindow(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await (await browser()).newContext({
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(15_000)
  after(() => context.close())
  return context.newPage()
}

/** Logs in as a person does; with a password, as an admin. */
export async function logIn(page: Page, email: string, password?: string): Promise<void> {
  await page.goto('/login')
  await page.locator('[name=email]').fill(email)
  if (password) {
    await page.locator('.fold > summary').click()
    await page.locator('[name=password]').fill(password)
  }
  await page.locator('form[action="/login"] .btn-loud').click()
  await page.waitForURL('**/tests')
}
