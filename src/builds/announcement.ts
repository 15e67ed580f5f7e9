import * as z from 'zod'
import type { Prisma } from '../generated/prisma/client.ts'
import type { BuildModel as Build } from '../generated/prisma/models.ts'
import { filledLine, rowId } from '../lib/fields.ts'
import { describedAs, inputSchemas } from '../lib/input-schemas.ts'
import { hasControlCharacter, storable } from '../lib/text.ts'
import { problem } from '../lib/validation.ts'
import { url } from '../settings/setting-schemas.ts'
import type { NewBuild } from './store-builds.ts'

/** A Jenkins job name; folders are separated by `/`. */
export const jobName = filledLine(255)

const packagePathRules = z
  .string(problem('package_path'))
  .trim()
  .min(1, problem('empty'))
  // PostgreSQL limits an index entry by bytes; job, number and path share one.
  .refine(path => Buffer.byteLength(path) <= 1500, problem('too_many_bytes', { max: 1500 }))
  .refine(path => !hasControlCharacter(path), problem('control_characters'))
  .refine(path => !path.includes('\\'), problem('backslash'))
  .refine(path => !/^[a-z][a-z0-9+.-]*:/i.test(path) && !path.startsWith('//'), problem('absolute_path'))
  .refine(path => !hasSegment(path, '..'), problem('parent_segment'))
  .refine(path => !hasSegment(path, '.'), problem('current_segment'))
  .refine(path => path.replaceAll('/', '') !== '', problem('no_package_name'))

// Web servers decode the path, so `%2e%2e` counts as `..`.
function hasSegment(path: string, segment: string): boolean {
  const decoded = path.replace(/%2e/gi, '.').replace(/%2f/gi, '/')
  return decoded.split('/').includes(segment)
}

const RELATIVE = String.raw`(?!\s*[A-Za-z][A-Za-z0-9+.-]*:)(?!\s*//)`
const NO_DOT_SEGMENTS = String.raw`(?!(?:\s*|.*(?:/|%2[fF]))(?:\.|%2[eE]){1,2}(?:\s*$|/|%2[fF]))`
const packagePath = describedAs(packagePathRules, {
  ...{ type: 'string', minLength: 1, maxLength: 1500 },
  pattern: String.raw`^${RELATIVE}${NO_DOT_SEGMENTS}\s*/?[^\u0000-\u001f\u007f-\u009f\\/\s][^\u0000-\u001f\u007f-\u009f\\]*$`,
})

const callbackUrl = z.union([z.literal(''), url], problem('url_or_empty'))

/** The body of the webhook; unknown fields are kept in `raw_data`. */
export const announcement = z.looseObject({
  BUILD_USER: z
    .string(problem('text'))
    .nullish()
    .transform(user => storable(user?.trim().slice(0, 255) ?? '') || 'None'),
  JOB_NAME: jobName,
  PACKAGE_PATH: packagePath,
  BUILD_NUMBER: z
    .union(
      [
        z.number(),
        z
          .string()
          .trim()
          .regex(/^\d{1,10}$/)
          .transform(Number),
      ],
      problem('positive_whole_number'),
    )
    .pipe(rowId('whole_number', { min: 1, max: 2_147_483_647 })),
  CALLBACK_URL: callbackUrl
    .nullish()
    .describe('Each run of the build is posted there once it has finished, as a webhook channel posts it'),
})

/** Where the ends of a build's runs are posted, as its announcement says. Any field may be in older ones. */
export function callbackUrlOf({ rawData }: Pick<Build, 'rawData'>): string | null {
  const { CALLBACK_URL } = rawData as Prisma.JsonObject
  return callbackUrl.safeParse(CALLBACK_URL).data || null
}

inputSchemas.add(announcement.shape.BUILD_NUMBER, {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
    { type: 'string', pattern: String.raw`^\s*0?[1-9]\d{0,8}\s*$` },
  ],
})

export function toBuild(
  { JOB_NAME, BUILD_NUMBER, PACKAGE_PATH, BUILD_USER }: z.output<typeof announcement>,
  rawData: object,
  announcedBy: string | null,
  receivedAt = new Date(),
): NewBuild {
  return {
    ...{ jobName: JOB_NAME, buildNumber: BUILD_NUMBER, packagePath: PACKAGE_PATH, buildUser: BUILD_USER },
    ...{ rawData: storable(rawData) as Prisma.JsonObject, createdAt: receivedAt, announcedBy },
  }
}
