// Renders the guides in docs/ to dist/docs, as CRAT serves them at /docs.
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import MarkdownIt from 'markdown-it'

const root = fileURLToPath(new URL('../..', import.meta.url))
const target = join(root, 'dist/docs')
/** Each language with its folder. */
const FOLDERS = { en: 'docs', 'zh-CN': 'docs/zh-CN' }

const files = new Set()
const contents = { pages: {}, files: [] }
for (const [language, folder] of Object.entries(FOLDERS)) {
  await mkdir(join(target, language), { recursive: true })
  contents.pages[language] = await renderFolder(language, folder)
}
contents.files = [...files].sort()
await writeFile(join(target, 'contents.json'), JSON.stringify(contents))

/** Returns the title of each page. The index comes first. */
async function renderFolder(language, folder) {
  const names = (await readdir(join(root, folder))).filter(name => name.endsWith('.md')).sort()
  const titles = {}
  for (const name of names) {
    const { title, html } = await renderPage(`${folder}/${name}`)
    titles[pageName(name)] = title
    await writeFile(join(target, language, `${pageName(name)}.html`), html)
  }
  return titles
}

async function renderPage(path) {
  const markdown = new MarkdownIt({ html: false })
  const tokens = markdown.parse(await readFile(join(root, path), 'utf8'), {})
  const title = tokens[1].content
  nameHeadings(tokens)
  for (const { children } of tokens) if (children) await leadLinks(children, path)
  markdown.renderer.rules.table_open = () => '<div tabindex="0"><table>\n'
  markdown.renderer.rules.table_close = () => '</table></div>\n'
  markdown.renderer.rules.fence = (all, at) =>
    `<pre class="code" tabindex="0"><code>${markdown.utils.escapeHtml(all[at].content)}</code></pre>\n`
  // The page shows the title itself.
  return { title, html: markdown.renderer.render(tokens.slice(3), markdown.options, {}) }
}

/** Gives headings the anchors that GitHub gives them. */
function nameHeadings(tokens) {
  const seen = new Map()
  tokens.forEach((token, at) => {
    if (token.type !== 'heading_open') return
    const slug = slugOf(tokens[at + 1].content)
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    token.attrSet('id', count ? `${slug}-${count}` : slug)
  })
}

function slugOf(title) {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** Lets links lead to other pages or to copies of files; of one that leads nowhere the text is left. */
async function leadLinks(tokens, path) {
  let isDropped = false
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const href = await hrefFor(token.attrGet('href'), path)
      isDropped = href === null
      token.attrs = [
        ['class', 'link'],
        ['href', href ?? ''],
      ]
    }
    if (isDropped && /^link_/.test(token.type)) Object.assign(token, { type: 'text', content: '' })
  }
}

async function hrefFor(href, from) {
  if (/^(https?:|#)/.test(href)) return href
  const [path, anchor] = href.split('#')
  const file = posix.normalize(posix.join(posix.dirname(from), path))
  if (file.startsWith('docs/') && file.endsWith('.md')) return pageUrl(file) + (anchor ? `#${anchor}` : '')
  return (await copied(file)) ? `/docs/files/${file}` : null
}

function pageUrl(file) {
  const name = pageName(posix.basename(file))
  const folder = file.startsWith('docs/zh-CN/') ? '/docs/zh-CN' : '/docs'
  return name === 'index' ? folder : `${folder}/${name}`
}

function pageName(file) {
  return file === 'README.md' ? 'index' : file.slice(0, -'.md'.length)
}

async function copied(file) {
  const info = await stat(join(root, file)).catch(() => null)
  if (!info?.isFile()) return false
  await mkdir(join(target, 'files', dirname(file)), { recursive: true })
  await copyFile(join(root, file), join(target, 'files', file))
  files.add(file)
  return true
}
