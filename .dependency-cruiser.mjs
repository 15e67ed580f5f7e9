/**
 * Who may import whom. A folder that is not named as a `from` may import everything.
 */
const FEATURES = 'audit|builds|job-versions|notifications|parameter-sets|runs|sessions|settings|test-items'
/** A feature's domain files: its folder without what speaks HTTP. */
const domain = `^src/(${FEATURES})/(?!.*\\.(handlers|pages|shape)\\.ts$)`
const ours = '^src/'

/** `from` may import of ours only what matches one of `allowed`. */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: ours, pathNot: [...allowed, '^src/generated/'] },
})

/** Folders of features that may be seen from another one's domain. */
const sideways = (feature, ...others) => ({
  name: `${feature}-sideways`,
  severity: 'error',
  from: { path: `^src/${feature}/(?!.*\\.(handlers|pages|shape)\\.ts$)` },
  to: {
    path: `^src/(${FEATURES})/`,
    pathNot: [feature, 'audit', ...others].map(name => `^src/${name}${name.endsWith('$') ? '' : '/'}`),
  },
})

export default {
  forbidden: [
    only('lib-imports-nothing-of-ours', '^src/lib/', '^src/lib/'),
    only('external-imports-lib', '^src/external/', '^src/external/', '^src/lib/'),
    {
      name: 'rooms-of-external-are-apart',
      severity: 'error',
      from: { path: '^src/external/([^/]+)/' },
      to: { path: '^src/external/', pathNot: ['^src/external/$1/', '^src/external/http-client\\.ts$'] },
    },
    only('database-imports-lib', '^src/database/', '^src/database/', '^src/lib/', '^src/log\\.ts$'),
    only('postgres-imports-lib', '^src/postgres/', '^src/postgres/', '^src/lib/', '^src/log\\.ts$'),
    only('domain-knows-no-http', domain, domain, '^src/database/', '^src/lib/', '^src/log\\.ts$'),
    sideways('audit'),
    sideways('builds'),
    sideways('job-versions', 'builds'),
    sideways('parameter-sets'),
    sideways('test-items', 'builds', 'job-versions', 'runs'),
    sideways('settings'),
    sideways('sessions'),
    sideways('notifications', 'settings', 'runs/transition.ts$'),
    sideways('runs', 'builds', 'job-versions', 'test-items', 'parameter-sets', 'settings', 'notifications'),
    only(
      'pipeline-knows-no-http',
      '^src/pipeline/',
      '^src/pipeline/',
      domain,
      '^src/(database|external|lib)/',
      '^src/(log|metrics)\\.ts$',
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
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'production-code-needs-production-packages',
      severity: 'error',
      from: { path: '^(src|prisma)/', pathNot: '^src/test-server/' },
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
