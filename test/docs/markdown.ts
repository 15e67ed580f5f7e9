import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Document {
  /** From the root of the project. */
  path: string
  text: string
  headings: { level: number; slug: string }[]
  /** Where links and images lead, as written. */
  targets: string[]
  /** The contents of the fenced code blocks. */
  codeBlocks: string[]
  /** Those of a language. */
  codeIn(language: string): string[]
}

const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm

/** The Markdown files that match, parsed. */
export function readDocuments(...patterns: string[]): Document[] {
  return globSync(patterns, { cwd: root }).sort().map(readDocument)
}

export function readDocument(path: string): Document {
  const text = readFileSync(`${root}${path}`, 'utf8')
  const prose = text.replace(FENCE, '')
  const blocks = [...text.matchAll(FENCE)]
  return {
    path,
    text,
    headings: headingsIn(prose),
    targets: targetsIn(prose),
    codeBlocks: blocks.map(([, , code = '']) => code),
    codeIn: language => blocks.flatMap(([, name, code = '']) => (name === language ? [code] : [])),
  }
}

function headingsIn(prose: string): Document['headings'] {
  const seen = new Map<string, number>()
  return [...prose.matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = '', title = '']) => {
    const slug = slugOf(title)
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return { level: marks.length, slug: count ? `${slug}-${count}` : slug }
  })
}

/** The anchor that GitHub gives to a heading. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

function targetsIn(prose: string): string[] {
  const withoutCode = prose.replace(/`[^`\n]*`/g, '')
  const links = withoutCode.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)
  const attributes = withoutCode.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)
  return [...links, ...attributes].map(([, target = '']) => target)
}
