import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'

const root = dirname(findPackageJSON(import.meta.url) ?? '')

/** A file or folder of the project, by its path from the root: `views`. */
export function pathInProject(path: string): string {
  return join(root, path)
}

/** A program of ours, by its path from `src`: the TypeScript there, or in `dist` what was bundled from it. */
export function programPath(path: string): string {
  return import.meta.url.endsWith('.ts') ? join(root, 'src', `${path}.ts`) : join(root, 'dist', `${path}.js`)
}
