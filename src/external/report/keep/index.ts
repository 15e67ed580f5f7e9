export type { KeptFiles } from './limits.ts'
export { mirrorReport } from './mirror.ts'
export { unpackReport } from './unpack.ts'
