import { readSbom } from './lib/sbom.ts'

console.log(JSON.stringify(await readSbom(), null, 2))
