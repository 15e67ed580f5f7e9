import type { StoryWorld } from '../story-world.ts'

const QUERIES = [
  '?q=cds',
  '?q=CDN',
  '?q=%23101',
  '?q=audit',
  '?q=nothing',
  '?q=',
  '',
  `?q=${'x'.repeat(201)}`,
]

export async function search({ liWei, nobody, admin }: StoryWorld): Promise<void> {
  for (const query of QUERIES) await liWei.get(`/search${query}`)
  await admin.get('/search?q=audit')
  await nobody.get('/search?q=cds')
}
