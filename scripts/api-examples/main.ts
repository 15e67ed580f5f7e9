/** Writes docs/api-examples.md in both languages. */
import { writeFile } from 'node:fs/promises'
import { API_EXAMPLES, makePage } from './pages.ts'

for (const target of API_EXAMPLES) await writeFile(target.file, await makePage(target))
