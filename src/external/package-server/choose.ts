import { isPackageName } from './address.ts'
import type { ListedFile } from './listed-file.ts'

export type ChoiceReason = 'only' | 'release' | 'prefix' | 'newest' | 'last_name'

export function isPackageOf(itemName: string, fileName: string): boolean {
  return isPackageName(fileName) && fileName.toLowerCase().includes(itemName.toLowerCase())
}

export function choosePackage(
  itemName: string,
  packages: ListedFile[],
): { file: ListedFile; reason: ChoiceReason } | null {
  const rules: [ChoiceReason, (files: ListedFile[]) => ListedFile[]][] = [
    ['only', files => files],
    ['release', files => files.filter(({ name }) => /release/i.test(name))],
    ['prefix', files => files.filter(({ name }) => name.toLowerCase().startsWith(itemName.toLowerCase()))],
    ['newest', newestOf],
    ['last_name', files => files.toSorted((a, b) => (a.name < b.name ? 1 : -1)).slice(0, 1)],
  ]
  let left = packages
  for (const [reason, narrow] of rules) {
    const narrowed = narrow(left)
    if (narrowed.length > 0) left = narrowed
    const [file, ...others] = left
    if (file && others.length === 0) return { file, reason }
  }
  return null
}

function newestOf(files: ListedFile[]): ListedFile[] {
  const newest = files.reduce((latest, { date }) => Math.max(latest, date ?? -Infinity), -Infinity)
  return files.filter(({ date }) => date === newest)
}
