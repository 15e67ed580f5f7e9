// A process of its own that fetches a package, for tests that kill it: its arguments are a choice and a folder.
import { fetchPackage } from '../../../src/external/package-server/index.ts'

const [choice = '', folder = ''] = process.argv.slice(2)
await fetchPackage(JSON.parse(choice), { folder })
