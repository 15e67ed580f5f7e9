import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parse } from 'yaml'
import { CORE, startWorkingWorld } from '../world/index.ts'
import { readDocument, root } from './markdown.ts'

interface Job {
  script?: string[]
  steps?: { run?: string }[]
}

/** The commands of each pipeline that a guide shows, in their order. */
function pipelinesIn(path: string): string[][] {
  return readDocument(path)
    .codeIn('yaml')
    .map(text => {
      const pipeline = parse(text)
      const [job = {}]: Job[] = Object.values(pipeline.jobs ?? pipeline)
      return job.script ?? (job.steps ?? []).flatMap(({ run }) => run ?? [])
    })
}

const GITLAB = 'docs/gitlab-ci.md'
const GITHUB = 'docs/github-actions.md'
const world = await startWorkingWorld()
const folder = await mkdtemp(join(tmpdir(), 'crat-ci-'))
after(() => rm(folder, { recursive: true }))
let environment: Record<string, string> = {}

before(async () => {
  await mkdir(join(folder, 'ci'))
  await cp(`${root}scripts/crat`, join(folder, 'ci/crat'))
  const id = await world.buildCore(101)
  const { body } = await world.liWei.get(`/builds/${id}`)
  const token = await world.admin.post('/tokens', { name: 'ci', scopes: ['webhook', 'trigger'] })
  environment = {
    ...{ PATH: `${process.env.PATH}`, CRAT_URL: world.url, CRAT_TOKEN: token.body.data.token },
    ...{ PACKAGE_PATH: body.data.package_path, CI_PROJECT_PATH: CORE, GITHUB_REPOSITORY: CORE },
    ...{ GITLAB_USER_LOGIN: 'li.wei', GITHUB_ACTOR: 'li.wei' },
  }
})

/** As a runner does: what a command prints, until one fails. */
function run(commands: string[], number: string): Promise<{ failed: boolean; printed: string }> {
  const env = { ...environment, CI_PIPELINE_IID: number, GITHUB_RUN_NUMBER: number }
  const script = `set -eo pipefail\n${commands.join('\n')}`
  return new Promise(resolve =>
    execFile('bash', ['-c', script], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, printed: stdout + stderr }),
    ),
  )
}

describe('the pipelines that the guides show', () => {
  it('announce a build, trigger its test and wait for it', async () => {
    const { failed, printed } = await run(pipelinesIn(GITLAB)[0] ?? [], '101')
    assert.equal(failed, false, printed)
    assert.match(printed, /Run \d+ passed\./)
  })

  it('wait for the test that starts by itself', async () => {
    await world.admin.put(`/test-items/${world.cds}`, { trigger_on_build: true })
    const { failed, printed } = await run(pipelinesIn(GITHUB)[1] ?? [], '201')
    assert.equal(failed, false, printed)
    assert.match(printed, /"outcome":"passed"/)
  })

  it('do the same in every CI', () => {
    const commands = (guide: string) =>
      pipelinesIn(guide).map(pipeline => pipeline.map(command => withoutNames(command.trimEnd())).join('\n'))
    assert.deepEqual(commands(GITHUB), commands(GITLAB))
  })
})

const withoutNames = (command: string) =>
  command
    .replace(/\$(CI_PROJECT_PATH|GITHUB_REPOSITORY)/g, '$PROJECT')
    .replace(/\$(CI_PIPELINE_IID|GITHUB_RUN_NUMBER)/g, '$NUMBER')
    .replace(/\$(GITLAB_USER_LOGIN|GITHUB_ACTOR)/g, '$USER')
