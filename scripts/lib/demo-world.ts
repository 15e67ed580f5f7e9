import { execa } from 'execa'
import { type DemoBuild, makeDemoBuild } from '../../test/neighbours/demo-build.ts'
import type { Neighbours } from '../../test/neighbours/index.ts'
import type { CratClient } from './crat-client.ts'
import type { DemoNeighbours } from './demo-neighbours.ts'

export const ITEM = 'cds'
export const JOB = 'CDN/Core'

/** Two builds of the service, as Jenkins leaves them: the second one breaks what a test looks at. */
export async function makeDemoBuilds({ packageServer: { root } }: DemoNeighbours): Promise<DemoBuild[]> {
  return [
    await makeDemoBuild(root, { padding: 8 * 1024 ** 2 }),
    await makeDemoBuild(root, { version: '5.4.0', commit: 'e7a10b52', regression: true }),
  ]
}

/** What CRAT's environment says about them. */
export function mailEnvironment({ mailSink }: Pick<Neighbours, 'mailSink'>): Record<string, string> {
  return {
    EMAIL_SEND_SERVER: mailSink.host,
    EMAIL_SEND_SERVER_PORT: `${mailSink.port}`,
    EMAIL_SEND_FROM: 'crat@example.com',
  }
}

/** What an admin does once: the addresses, a parameter set, a test item. Answers the item's id. */
export async function furnish(
  admin: CratClient,
  neighbours: Pick<DemoNeighbours, 'packageServer' | 'testServerUrl'>,
): Promise<number> {
  await admin.put('/settings', {
    project_name: 'CRAT demo',
    package_build_info_base_url: neighbours.packageServer.url,
    package_download_base_url: neighbours.packageServer.url,
    external_test_server_url: neighbours.testServerUrl,
    query_interval: 5,
  })
  const setId = await save(admin, '/parameter-sets', 'demo', {
    description: 'Full upgrade, all tests',
    parameters: {
      service_name: ITEM.toUpperCase(),
      install_dir: '',
      upgrade_type: 'full',
      test_path: '',
      base_url: '',
      report_keyword: ITEM.toUpperCase(),
    },
  })
  return await save(admin, '/test-items', ITEM, {
    description: 'Content delivery service',
    associated_job_name: JOB,
    associated_parameter_set_id: setId,
  })
}

/** Makes the thing of that name, or changes the one that is there; answers its id. */
async function save(admin: CratClient, path: string, name: string, fields: object): Promise<number> {
  const { data } = await admin.get<{ data: { id: number; name: string }[] }>(path)
  const present = data.find(thing => thing.name === name)
  const saved = present
    ? admin.put<{ data: { id: number } }>(`${path}/${present.id}`, fields)
    : admin.post<{ data: { id: number } }>(path, { name, ...fields })
  return (await saved).data.id
}

/** Tells CRAT of a build as Jenkins does: with `curl`, or without it where there is none. */
export async function announceBuild(
  cratUrl: string,
  packagePath: string,
  number: number,
): Promise<'curl' | 'fetch'> {
  const url = `${cratUrl}/api/v1/builds`
  const body = JSON.stringify({
    BUILD_USER: 'Li Wei',
    JOB_NAME: JOB,
    PACKAGE_PATH: packagePath,
    BUILD_NUMBER: String(number),
  })
  try {
    const flags = ['--silent', '--show-error', '--fail-with-body', '--max-time', '30']
    const header = 'Content-Type: application/json'
    await execa('curl', [...flags, '-X', 'POST', url, '-H', header, '-d', body])
    return 'curl'
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (code !== 'ENOENT')
      throw new Error(`curl could not post the build: ${stderr} ${stdout}`, { cause: error })
  }
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!response.ok) throw new Error(`The webhook answered ${response.status}: ${await response.text()}`)
  return 'fetch'
}
