// Lists the licence of each package of a production installation; ends with 1 where one is not in ACCEPTED.
import { licenceOf, readSbom } from './lib/sbom.ts'

const ACCEPTED = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
  ],
  ...['MPL-2.0', 'PostgreSQL', 'Python-2.0', 'Unlicense'],
])

const { components } = await readSbom()
const packages = components
  .map(component => ({ name: `${component.name}@${component.version}`, licence: licenceOf(component) }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en'))
const width = Math.max(...packages.map(({ name }) => name.length))
for (const { name, licence } of packages) console.log(`${name.padEnd(width)}  ${licence}`)

const refused = packages.filter(({ licence }) => !isAccepted(licence))
for (const { name, licence } of refused) console.error(`${name}: ${licence} is not accepted`)
process.exitCode = refused.length ? 1 : 0

/** As SPDX writes it: of alternatives one is enough. */
function isAccepted(licence: string): boolean {
  const alternatives = licence.replace(/[()]/g, '').split(' OR ')
  return alternatives.some(one => one.split(' AND ').every(name => ACCEPTED.has(name.trim())))
}
