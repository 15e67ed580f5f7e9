import { readFileSync } from 'node:fs'
import { execa } from 'execa'

export interface Component {
  'bom-ref': string
  name: string
  version: string
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[]
}

export interface Sbom {
  bomFormat: string
  specVersion: string
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const root = new URL('../../', import.meta.url)

/** Their licence stands in a file only. */
const LICENCES: Record<string, string> = { 'htmx.org': '0BSD' }

/** What a production installation consists of, as CycloneDX. */
export async function readSbom(): Promise<Sbom> {
  // Not with `--omit=dev`: that also leaves out what development needs as well.
  const flags = ['--sbom-format=cyclonedx', '--sbom-type=application']
  const { stdout } = await execa('npm', ['sbom', ...flags], { cwd: root })
  const sbom: Sbom = JSON.parse(stdout)
  const production = productionPackages()
  const isIn = (ref: string) => production.has(ref)
  return {
    ...sbom,
    // npm takes the name of the folder.
    metadata: {
      ...sbom.metadata,
      component: { ...sbom.metadata.component, name: readJson('package.json').name },
    },
    components: sbom.components.filter(component => isIn(component['bom-ref'])).map(withLicence),
    dependencies: sbom.dependencies
      .filter(({ ref }) => isIn(ref) || ref === sbom.metadata.component['bom-ref'])
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isIn) })),
  }
}

/** As `name@version`. */
function productionPackages(): Set<string> {
  const packages: Record<string, { version: string; dev?: boolean; devOptional?: boolean }> =
    readJson('package-lock.json').packages
  const found = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path && !dev && !devOptional,
  )
  return new Set(found.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`))
}

function withLicence(component: Component): Component {
  const id = LICENCES[component.name]
  return component.licenses || !id ? component : { ...component, licenses: [{ license: { id } }] }
}

const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

export function licenceOf({ licenses = [] }: Component): string {
  const names = licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? '')
  return names.filter(Boolean).join(' AND ') || 'unknown'
}
