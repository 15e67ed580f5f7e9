import type { Sealer } from '../lib/sealer.ts'
import type { Journal } from './journal.ts'
import type { Source } from './source.ts'
import type { Target } from './target.ts'

/** Who changed what the import changes. */
export const IMPORTER = 'CRAT 1.x'

export interface Import {
  source: Source
  target: Target
  sealer: Sealer
  journal: Journal
}
