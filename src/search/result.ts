export const KINDS = ['test_item', 'job', 'run', 'build', 'parameter_set', 'page', 'test'] as const

export interface Result {
  kind: (typeof KINDS)[number]
  id: number | string
  title: string
  /** Which of several with this title. */
  detail: string | null
  url: string
}

const MOST = 20
/** Of one kind, as long as there are others. */
const MOST_OF_KIND = 6

/** Exact before prefix before contained, then by kind; the order within a kind is kept. */
export function rankResults(query: string, results: readonly Result[]): Result[] {
  // A build may be found by its number and by its path.
  const ranked = [...new Map(results.map(result => [`${result.kind} ${result.id}`, result])).values()]
    .map(result => ({ result, rank: rankOf(query, result) }))
    .sort((a, b) => a.rank - b.rank || KINDS.indexOf(a.result.kind) - KINDS.indexOf(b.result.kind))
    .map(({ result }) => result)
  const counts = new Map<string, number>()
  const first = ranked.filter(({ kind }) => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    return (counts.get(kind) ?? 0) <= MOST_OF_KIND
  })
  const others = ranked.filter(result => !first.includes(result))
  const kept = new Set([...first, ...others].slice(0, MOST))
  return ranked.filter(result => kept.has(result))
}

function rankOf(query: string, { id, title, detail }: Result): number {
  const texts = [title, detail ?? '', `${id}`].map(text => text.toLowerCase())
  if (texts.includes(query)) return 0
  return texts.some(text => text.startsWith(query)) ? 1 : 2
}
