import { fileURLToPath } from 'node:url'
import { readOperations } from './operations.ts'
import { writePage } from './page.ts'
import { readRecording } from './recording.ts'
import { readSections } from './tables.ts'
import { CHINESE, ENGLISH, type Words } from './words.ts'

export interface Target {
  file: string
  guide: string
  words: Words
}

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const API_EXAMPLES: readonly Target[] = [
  { file: fromRoot('docs/api-examples.md'), guide: fromRoot('docs/api.md'), words: ENGLISH },
  { file: fromRoot('docs/zh-CN/api-examples.md'), guide: fromRoot('docs/zh-CN/api.md'), words: CHINESE },
]

/** The page as it should be now. */
export async function makePage({ guide, words }: Target): Promise<string> {
  const recording = await readRecording(fromRoot('test/fixtures/api/answers.json'))
  return writePage(await readSections(guide), words, { described: readOperations(), recording })
}
