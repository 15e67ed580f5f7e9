import * as z from 'zod'

/** The entry that says what the backup is, and stands before its tables. */
export const MANIFEST = 'manifest.json'
/** The last one: what was written. A backup without it was cut. */
export const CONTENTS = 'contents.json'

export const manifestSchema = z.object({
  format: z.literal('crat-backup'),
  format_version: z.literal(1),
  app_version: z.string(),
  created_at: z.string(),
  server_version: z.string(),
  migrations: z.array(z.string()).min(1),
  /** In the order in which they can be filled. */
  tables: z.array(z.object({ name: z.string().regex(/^\w+$/), columns: z.array(z.string().regex(/^\w+$/)) })),
  sequences: z.array(z.object({ name: z.string().regex(/^\w+$/), last: z.string().regex(/^\d+$/) })),
})
export type Manifest = z.output<typeof manifestSchema>

export const contentsSchema = z.object({
  tables: z.record(z.string(), z.object({ rows: z.int(), bytes: z.int(), sha256: z.string() })),
  files: z.record(z.string(), z.object({ bytes: z.int(), sha256: z.string() })),
})
export type Contents = z.output<typeof contentsSchema>

/** Below DATA_DIR. Packages are fetched again; secrets are kept elsewhere, on purpose. */
export const FOLDERS = ['script-bundles', 'spool', 'reports'] as const
export type Folder = (typeof FOLDERS)[number]
