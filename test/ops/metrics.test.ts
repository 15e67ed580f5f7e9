import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { startWorld } from '../world/index.ts'

const path = (name: string) => fileURLToPath(new URL(`../../ops/${name}`, import.meta.url))
const read = (name: string) => readFile(path(name), 'utf8')

interface Query {
  where: string
  expr: string
}

async function alerts(): Promise<Query[]> {
  const { groups } = parse(await read('alerts.yaml'))
  return groups.flatMap(({ rules }: { rules: { alert: string; expr: string }[] }) =>
    rules.map(({ alert, expr }) => ({ where: alert, expr })),
  )
}

async function panels(): Promise<Query[]> {
  const { panels, templating } = JSON.parse(await read('grafana-dashboard.json'))
  const variables = templating.list.flatMap(({ name, definition }: Record<string, string>) =>
    definition ? [{ where: name, expr: definition }] : [],
  )
  const queries = panels.flatMap(({ title, targets = [] }: { title: string; targets?: { expr: string }[] }) =>
    targets.map(({ expr }) => ({ where: title, expr })),
  )
  return [...variables, ...queries]
}

const metricsIn = (expr: string) =>
  [...expr.matchAll(/\b(?:crat|nodejs|process)_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  )

let served: Set<string>

before(async () => {
  const { url } = await startWorld()
  const text = await (await fetch(`${url}/metrics`)).text()
  served = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name))
})

describe('the alert rules and the dashboard', () => {
  it('ask for metrics that there are', async () => {
    const queries = [...(await alerts()), ...(await panels())]
    assert.ok(queries.length > 30)
    for (const { where, expr } of queries)
      for (const name of metricsIn(expr)) assert.ok(served.has(name), `${where}: ${name}`)
  })

  it('leave out no metric of CRAT', async () => {
    const asked = new Set([...(await alerts()), ...(await panels())].flatMap(({ expr }) => metricsIn(expr)))
    const forgotten = [...served].filter(name => name.startsWith('crat_') && !asked.has(name))
    assert.deepEqual(forgotten, [])
  })
})

const { failed: missing } = await execa('promtool', ['--version'], { reject: false })

describe('promtool', { skip: missing && 'promtool is not here (Debian: prometheus)' }, () => {
  it('takes the alert rules', async () => {
    const { exitCode, all } = await execa('promtool', ['check', 'rules', path('alerts.yaml')], {
      ...{ reject: false, all: true },
    })
    assert.equal(exitCode, 0, all)
  })

  it('has each alert fire where it should, and nowhere else', async () => {
    const cases = fileURLToPath(new URL('alerts.yaml', import.meta.url))
    const text = await readFile(cases, 'utf8')
    for (const { where } of await alerts()) assert.ok(text.includes(`alertname="${where}"`), where)
    const { exitCode, all } = await execa('promtool', ['test', 'rules', cases], { reject: false, all: true })
    assert.equal(exitCode, 0, all)
  })

  it('takes the queries of the dashboard', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crat-rules-'))
    after(() => rm(folder, { recursive: true, force: true }))
    const queries = (await panels()).filter(({ expr }) => !expr.startsWith('label_values'))
    const rules = queries.map(({ expr }, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }))
    await writeFile(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'panels', rules }] }))
    const { exitCode, all } = await execa('promtool', ['check', 'rules', join(folder, 'rules.yaml')], {
      ...{ reject: false, all: true },
    })
    assert.equal(exitCode, 0, all)
  })
})
