import { statfs } from 'node:fs/promises'
import { formatBytes } from '../../lib/format.ts'
import type { Checksum } from './checksum.ts'
import type { PackageChoice } from './find.ts'
import { permanent, temporary } from './package-error.ts'
import type { Asking } from './redirects.ts'
import type { Place } from './store.ts'

export interface Transfer extends Asking {
  choice: PackageChoice
  place: Place
  checksum: Checksum | null
  reserveBytes: number
  stallMs: number
  attempt: number
  report: (bytes: number, total: number | null) => Promise<void>
  resumed: () => void
}

export async function expectSpace({ place, reserveBytes, choice }: Transfer, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(place.folder)
  if (bytes + reserveBytes <= bavail * bsize) return
  throw permanent('package:no_space', {
    name: choice.name,
    folder: place.folder,
    needed: inBytes(bytes + reserveBytes),
    free: inBytes(bavail * bsize),
  })
}

export const taken = ({ choice, attempt }: Transfer) =>
  temporary('package:taken', { name: choice.name, attempts: attempt })

export const inBytes = (bytes: number) => formatBytes('en', bytes)
