import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawRequest } from '../http/raw-request.ts'
import { startWorld } from '../world/index.ts'

const world = await startWorld({ env: { ROLE: 'web' } })
const get = (path: string) => rawRequest(world.url, { path })
const linksIn = (html: string) => [...html.matchAll(/ href="(\/docs[^"]*)"/g)].map(([, href = '']) => href)
const articleIn = (html: string) => /<article[\s\S]*<\/article>/.exec(html)?.[0] ?? ''

/** Every page that is reached from here, with what it shows. */
async function follow(start: string): Promise<Map<string, string>> {
  const pages = new Map<string, string>()
  const open = [start]
  for (let href = open.pop(); href; href = open.pop()) {
    const path = href.replace(/#.*/, '')
    if (pages.has(path)) continue
    const { status, text } = await get(path)
    assert.equal(status, 200, path)
    pages.set(path, text)
    if (!path.startsWith('/docs/files/')) open.push(...linksIn(text))
  }
  return pages
}

describe('the guides at /docs', () => {
  it('are read without a login; every link leads to a page and to a heading of it', async () => {
    const pages = await follow('/docs')
    assert.ok(pages.has('/docs/zh-CN/install') && pages.has('/docs/files/scripts/crat'))
    for (const [path, text] of pages)
      for (const href of path.startsWith('/docs/files/') ? [] : linksIn(text)) {
        const [target = '', anchor] = decodeURI(href).split('#')
        if (anchor) assert.ok(pages.get(target)?.includes(` id="${anchor}"`), `${path}: ${href}`)
      }
  })

  it('load nothing from elsewhere and have no styles of their own', async () => {
    for (const path of ['/docs', '/docs/api-examples', '/docs/zh-CN/test-server']) {
      const { text, headers } = await get(path)
      assert.doesNotMatch(articleIn(text), /<script|<style| style=| src=/)
      assert.match(`${headers['content-security-policy']}`, /default-src/)
      assert.ok(text.length < 200_000, path)
    }
  })

  it('are shown in their own language', async () => {
    assert.match((await get('/docs/zh-CN/install')).text, /<article[^>]* lang="zh-CN">/)
    assert.match((await get('/docs/install')).text, /<article[^>]* lang="en">/)
  })

  it('answer 404 to what is no page and no file of theirs', async () => {
    for (const path of [
      '/docs/none',
      '/docs/constructor',
      '/docs/..%2Fcontents',
      '/docs/zh-CN/..%2Fen%2Fapi',
    ])
      assert.equal((await get(path)).status, 404, path)
    for (const path of ['package.json', '..%2F..%2F..%2Fpackage.json', 'scripts'])
      assert.equal((await get(`/docs/files/${path}`)).status, 404, path)
  })
})
