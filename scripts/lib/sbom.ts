import { readFileSync } from 'node:fs'
import { execa } from 'execa'

export interface Component {
  name: string
  version: string
  purl: string
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[]
}

export interface Sbom {
  bomFormat: string
  specVersion: string
  metadata: { component: Component }
  components: Component[]
}

const root = new URL('../../', import.meta.url)

/** Their licence stands in a file only. */
const LICENCES: Record<string, string> = { 'htmx.org': '0BSD' }

/** What a production installation consists of, as CycloneDX. */
export async function readSbom(): Promise<Sbom> {
  const { stdout } = await execa(
    'npm',
    ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev'],
    {
      cwd: root,
    },
  )
  const sbom: Sbom = JSON.parse(stdout)
  // npm takes the name of the folder.
  sbom.metadata.component.name = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).name
  for (const component of sbom.components) {
    const id = LICENCES[component.name]
    if (id) component.licenses ??= [{ license: { id } }]
  }
  return sbom
}

export function licenceOf({ licenses = [] }: Component): string {
  const names = licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? '')
  return names.filter(Boolean).join(' AND ') || 'unknown'
}
