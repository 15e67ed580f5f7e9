import { readFile } from 'node:fs/promises'
import type { Context } from '../context.ts'
import { fieldsOf, type PageRequest, page } from '../http/page.ts'
import { template } from '../http/view.ts'
import { notFound } from '../lib/errors.ts'
import { LOCALES, type Locale } from '../lib/i18n.ts'
import { pathInProject } from '../lib/root.ts'

/** What `npm run docs` has rendered: titles by page, and the files that pages link to. */
interface Contents {
  pages: Record<Locale, Record<string, string>>
  files: string[]
}

interface DocsPage {
  name: string
  title: string
  html: string
  language: Locale
  /** The titles of all pages, by their address. */
  pages: [href: string, title: string][]
}
const docsPage = template<DocsPage>('pages/docs')

export const showDocs = page((ctx, request) => render(ctx, request, 'en'))
export const showChineseDocs = page((ctx, request) => render(ctx, request, 'zh-CN'))

async function render(ctx: Context, { req, res }: PageRequest, language: Locale): Promise<void> {
  const { name = 'index' } = fieldsOf(req.params)
  const titles = (await readContents()).pages[language]
  const title = Object.hasOwn(titles, name) ? titles[name] : undefined
  if (title === undefined) throw notFound('errors:no_such_page', { url: req.originalUrl })
  const html = await readFile(pathInProject(`dist/docs/${language}/${name}.html`), 'utf8')
  const pages = Object.entries(titles).map(
    ([page, shown]) => [addressOf(language, page), shown] as [string, string],
  )
  ctx.view.render(res, docsPage, { name, title, html, language, pages })
}

function addressOf(language: Locale, name: string): string {
  const folder = language === LOCALES[0] ? '/docs' : `/docs/${language}`
  return name === 'index' ? folder : `${folder}/${name}`
}

/** A file of the project that a page links to, as text. */
export const sendDocsFile = page(async (_ctx, { req, res }) => {
  const { path } = req.params
  const file = [path].flat().join('/')
  if (!(await readContents()).files.includes(file))
    throw notFound('errors:no_such_page', { url: req.originalUrl })
  res.type('text/plain').send(await readFile(pathInProject(`dist/docs/files/${file}`)))
})

async function readContents(): Promise<Contents> {
  return JSON.parse(await readFile(pathInProject('dist/docs/contents.json'), 'utf8'))
}
