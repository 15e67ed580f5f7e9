/** Every URL of the API, with an id, a job and a key that nobody knows; by who may ask. */
export const PUBLIC_ROUTES = ['POST /auth/login', 'POST /builds', 'GET /version']

export const USER_ROUTES = [
  'POST /auth/logout',
  'GET /auth/me',
  'POST /auth/refresh',
  'GET /builds',
  'GET /builds/job-names',
  'GET /builds/job/nobody/latest',
  'GET /builds/job/nobody',
  'GET /builds/4711',
  'GET /job-versions',
  'PUT /job-versions',
  'POST /job-versions/auto-sync',
  'POST /job-versions/nobody/sync',
  'GET /job-versions/nobody/history',
  'GET /job-versions/nobody',
  'GET /test-items',
  'GET /test-items/4711',
  'POST /test-items/4711/deploy-test',
  'GET /test-items/4711/deploy-runs',
  'GET /deploy-test-runs',
  'GET /deploy-test-runs/queue',
  'GET /deploy-test-runs/4711',
  'GET /deploy-test-runs/4711/tests',
  'GET /deploy-test-runs/4711/log',
  'POST /deploy-test-runs/4711/cancel',
  'POST /deploy-test-runs/4711/retry',
  'GET /processing-count',
  'GET /settings',
  'GET /settings/nothing',
  'GET /parameter-sets',
  'GET /parameter-sets/4711',
  'GET /parameter-sets/4711/versions',
]

export const ADMIN_ROUTES = [
  'DELETE /builds/4711',
  'POST /builds/job-names',
  'DELETE /builds/job-names/nobody',
  'POST /builds/job/nobody/prune',
  'DELETE /job-versions/nobody',
  'POST /test-items',
  'PUT /test-items/4711',
  'DELETE /test-items/4711',
  'DELETE /test-items/4711/deploy-history',
  'PUT /settings',
  'PUT /settings/nothing',
  'POST /parameter-sets',
  'PUT /parameter-sets/4711',
  'DELETE /parameter-sets/4711',
]

export function split(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.split(' ')
  return { method, path: `/api/v1${path}` }
}
