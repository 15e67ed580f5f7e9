import { fetchPackage, findPackage } from '../../external/package-server/index.ts'
import { AppError } from '../../lib/errors.ts'
import type { Step } from '../step.ts'

export const download: Step = {
  async perform(run, { signal, egress, packages, metrics, saveProgress }) {
    if (!run.packageBaseUrl) throw new AppError('errors:no_package_server')
    const choice = await findPackage({
      baseUrl: run.packageBaseUrl,
      packagePath: run.packagePath,
      itemName: run.itemName,
      signal,
      egress,
    })
    saveProgress({ name: choice.name, bytes: 0, total: null, rate: null })
    const fetched = await fetchPackage(choice, {
      folder: packages.folder,
      signal,
      egress,
      onProgress: progress => saveProgress({ name: choice.name, ...progress }),
    })
    const { url, path, sha256, size, ...how } = fetched
    if (!fetched.reused) metrics.downloadedBytes.inc(size)
    return { type: 'downloaded', url, path, sha256, size, details: { choice, ...how, size, sha256 } }
  },
}
