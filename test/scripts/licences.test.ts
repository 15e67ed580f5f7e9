import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { licenceOf, readSbom } from '../../scripts/lib/sbom.ts'

it('the bill of materials names every production package that CRAT asks for, with its licence', async () => {
  const { name, version, dependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const { bomFormat, metadata, components } = await readSbom()
  assert.equal(bomFormat, 'CycloneDX')
  assert.deepEqual([metadata.component.name, metadata.component.version], [name, version])
  const listed = components.map(component => `${component.name}@${component.version}`)
  const missing = Object.entries(dependencies).filter(
    ([name, version]) => !listed.includes(`${name}@${version}`),
  )
  assert.deepEqual(missing, [])
  assert.deepEqual(
    components.filter(component => licenceOf(component) === 'unknown'),
    [],
  )
})
