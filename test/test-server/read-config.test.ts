import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseConfig } from '../../src/test-server/services/config-file.ts'

function problemsOf(text: string): string[] {
  try {
    parseConfig(text, 'services.yaml')
    return []
  } catch (error) {
    return (error as Error).message.split('\n')
  }
}

describe('a configuration file', () => {
  it('is read with its defaults', () => {
    const [cds] = parseConfig(
      `services:
  - name: CDS
    kind: binary
    install_dir: /opt/cds
    tests: { command: pytest, time_limit: 30m, limits: { log: 64MB } }`,
      'services.yaml',
    )
    assert.equal(cds?.kind, 'binary')
    assert.deepEqual(cds.stop, ['./stop.sh'])
    const [suite] = cds.tests
    assert.equal(suite?.kind, 'command')
    assert.equal(suite.time_limit, 1_800_000)
    assert.equal(suite.limits.log, 64_000_000)
    assert.deepEqual(suite.exit_status, [0, 1])
  })

  it('has all its mistakes named, by their lines', () => {
    const problems = problemsOf(`services:
  - name: CDS
    kind: directori
  - name: SDS
    kind: binary
    install_dir: opt/sds
    stopp: ./stop.sh
    keep: [../etc]
    tests:
      command: pytest
      time_limit: 30
`)
    assert.deepEqual(
      problems.map(problem => problem.replace(/: .*/, '')),
      [
        'services.yaml:3:11 services.0.kind',
        'services.yaml:6:18 services.1.install_dir',
        'services.yaml:7:12 services.1.stopp',
        'services.yaml:8:12 services.1.keep.0',
        'services.yaml:11:19 services.1.tests.time_limit',
      ],
    )
    assert.match(problems[4] ?? '', /must be a duration such as 500ms, 30s, 10m or 2h/)
  })

  it('names a service once, whatever the case', () => {
    const problems = problemsOf(`services:
  - { name: CDS, kind: command, deploy: ./a }
  - { name: SDS, kind: command, deploy: ./b, aliases: [cds] }
`)
    assert.deepEqual(problems, [
      'services.yaml:3:56 services.1.aliases.0: "cds" is the name of another service too',
    ])
  })

  it('has the stages of a load test checked', () => {
    const problems = problemsOf(`services:
  - name: CDS
    kind: command
    deploy: ./deploy
    tests:
      kind: load
      locustfile: load.py
      stages:
        - { duration: 10s, users: 5, rate: 1 }
        - { duration: forever, users: -1 }
`)
    assert.deepEqual(
      problems.map(problem => problem.replace(/: .*/, '')),
      [
        'services.yaml:10:11 services.0.tests.stages.1.rate',
        'services.yaml:10:23 services.0.tests.stages.1.duration',
        'services.yaml:10:39 services.0.tests.stages.1.users',
      ],
    )
  })

  it('that is no YAML is named by the line too', () => {
    assert.match(problemsOf('services:\n\t- x')[0] ?? '', /^services\.yaml:2:1 Tabs/)
    assert.match(problemsOf('')[0] ?? '', /^services\.yaml:1:1/)
  })
})
