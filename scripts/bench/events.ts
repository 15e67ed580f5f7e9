import { once } from 'node:events'
import { request } from 'node:http'

const WITHIN_MS = 60_000

/** Server-sent events of `/live`, on a connection of their own. */
export async function openEvents(url: string, headers: Record<string, string>) {
  const asked = request(`${url}/live`, { headers, agent: false }).end()
  const [answer] = await once(asked, 'response')
  if (answer.statusCode !== 200) throw new Error(`/live was answered ${answer.statusCode}`)
  answer.setEncoding('utf8')
  let waiting: (() => void) | null = null
  answer.on('data', (text: string) => {
    if (!text.includes('event: change')) return
    waiting?.()
    waiting = null
  })
  return {
    nextChange(): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const timer = setTimeout(() => reject(new Error('a page heard nothing of a change')), WITHIN_MS)
      waiting = resolve
      return promise.finally(() => clearTimeout(timer))
    },
    close: () => void asked.destroy(),
  }
}
