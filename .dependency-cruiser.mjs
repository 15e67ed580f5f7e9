/** Who may import whom. A folder sees only those before it, so no two import each other, types included. */
const FEATURES = [
  'audit',
  'settings',
  'parameter-sets',
  'builds',
  'job-versions',
  'script-bundles',
  'test-items',
  'test-results',
  'kept-reports',
  'environments',
  'watches',
  'runs',
  'triggers',
  'notifications',
  'channels',
  'alerts',
  'digests',
  'tokens',
  'sessions',
  'search',
  'setup',
  'dashboard',
  'system',
]
/** Programs beside the server, and what an admin looks after it with. */
const AROUND = ['import-1x', 'backup', 'doctor']
const FOLDERS = [
  'lib',
  'postgres',
  'external',
  'database',
  'http',
  ...FEATURES,
  'pipeline',
  'jobs',
  ...AROUND,
]
/** What speaks HTTP in a feature's folder. */
const WEB = '\\.(handlers|pages|shape|middleware)\\.ts$'
const any = FEATURES.join('|')
const domain = `^src/(${any})/(?!.*${WEB})`
const ours = '^src/'

/** `from` may import of ours only what matches one of `allowed`. */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: ours, pathNot: [...allowed, '^src/generated/'] },
})

/** What a folder comes before, it does not know. */
const downwards = FOLDERS.slice(0, -1).map((folder, place) => ({
  name: `${folder}-sees-what-it-builds-on`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(${FOLDERS.slice(place + 1).join('|')})/` },
}))

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...downwards,
    only('lib-imports-nothing-of-ours', '^src/lib/', '^src/lib/'),
    only('external-imports-lib', '^src/external/', '^src/external/', '^src/lib/'),
    {
      name: 'protocols-are-apart',
      severity: 'error',
      from: { path: '^src/external/([^/]+)/' },
      to: {
        path: '^src/external/',
        pathNot: ['^src/external/$1/', '^src/external/(http-client|http-download|egress)\\.ts$'],
      },
    },
    only('postgres-imports-lib', '^src/postgres/', '^src/postgres/', '^src/lib/'),
    only('database-imports-lib', '^src/database/', '^src/database/', '^src/lib/'),
    only('http-knows-no-feature', '^src/http/', '^src/(http|database|lib)/', '^src/context\\.ts$'),
    only(
      'domain-knows-no-http',
      domain,
      domain,
      '^src/(database|postgres|lib)/',
      '^src/metrics\\.ts$',
      '^src/external/(smtp|chat)/',
    ),
    {
      name: 'delivery-is-for-notifications',
      severity: 'error',
      from: { path: `^src/(${any})/`, pathNot: '^src/(notifications|channels)/' },
      to: { path: '^src/external/' },
    },
    only(
      'pipeline-knows-no-http',
      '^src/pipeline/',
      '^src/pipeline/',
      domain,
      '^src/(database|external|lib)/',
      '^src/metrics\\.ts$',
    ),
    only('test-server-is-a-program-of-its-own', '^src/test-server/', '^src/test-server/', '^src/lib/'),
    {
      name: 'test-server-is-not-part-of-crat',
      severity: 'error',
      from: { path: ours, pathNot: '^src/test-server/' },
      to: { path: '^src/test-server/' },
    },
    {
      name: 'src-knows-no-tests',
      severity: 'error',
      from: { path: '^(src|prisma)/' },
      to: { path: '^(test|scripts)/' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'production-code-needs-production-packages',
      severity: 'error',
      from: { path: '^(src|prisma)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // What tests import among themselves is theirs; the rules are about src.
    doNotFollow: { path: ['node_modules', '^test/'] },
    exclude: { path: '^src/generated/' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
