import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cleanUpReports } from '../../src/jobs/clean-up-reports.ts'
import { pipelineOf } from '../../src/jobs/worker.ts'
import { keepReport } from '../../src/pipeline/keep-report.ts'
import { tgzOf } from '../external/report/archives.ts'
import { Visitor } from '../http/visitor.ts'
import { CAPABILITIES, json, POLL, taskAnswer } from '../neighbours/test-server.ts'
import { mailAbout, type Run } from '../runs/story.ts'
import { makeReport } from '../test-results/test-results-reports.ts'
import { LI_WEI, startWorkingWorld } from '../world/index.ts'

const world = await startWorkingWorld({ neighbours: { testServer: { canned: true, protocol: 2 } } })
const { reportServer, testServer } = world.neighbours
const { db, reports } = world.crat.ctx
await world.buildCore(101)
await makeReport(reportServer.root, 'cds_1', { login: 'passed', seek: 'failed' })
const liWei = await new Visitor(world.url).logIn(LI_WEI)
const ARCHIVE = /^GET \/api\/tasks\/[^/]+\/report\.tgz$/

/** A run whose report is there, on a test server with these features. */
async function runWith(report: string, features: string[]): Promise<Run> {
  testServer.answerNext(CAPABILITIES, json({ protocol: 2, features }))
  const test = { report_url: `${reportServer.url}/${report}/` }
  testServer.answerNext(POLL, taskAnswer('completed', { result: { deploy: { success: true }, test } }))
  return world.liWei.untilFinished(await world.trigger())
}

async function untilKept(run: Run, state = 'kept') {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const report = await db.reportArchive.findUnique({ where: { runId: run.id } })
    if (report?.state === state) return report
    await pause(20)
  }
  return assert.fail(`the report of run ${run.id} is not ${state}`)
}

async function open(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(world.url + path, { redirect: 'manual', headers })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const bearer = { authorization: `Bearer ${world.liWei.token}` }
let run: Run
/** Where its kept report begins. */
let root = ''

describe('a report', () => {
  it('is kept after the end of its run, page by page', async () => {
    run = await runWith('cds_1', [])
    const kept = await untilKept(run)
    assert.deepEqual([kept.source, kept.entry, kept.cut], ['mirror', 'index.html', false])
    const names = await readdir(join(reports.folder, kept.folder ?? ''), { recursive: true })
    for (const name of ['index.html', 'summary.json', 'widgets/tree.json', 'widgets/default/tree.json'])
      assert.ok(names.includes(name), name)
    assert.equal(names.filter(name => /^data\/test-results\/.+json$/.test(name)).length, 2)
    assert.ok(names.some(name => /^app-.*\.js$/.test(name)))
  })

  it('opens for those who are logged in, at an address that says that it may be read', async () => {
    assert.match(await new Visitor(world.url).locationOf(`/runs/${run.id}/report`), /^\/login/)
    const location = await liWei.locationOf(`/runs/${run.id}/report`)
    assert.match(location, new RegExp(`^/kept-reports/${run.id}/[\\w.-]+/index\\.html$`))
    root = location.replace('index.html', '')
    const page = await open(location)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
    assert.ok(page.text.includes('allure'))
    const { text, headers } = await open(`${root}widgets/tree.json`)
    assert.match(headers.get('content-type') ?? '', /^application\/json/)
    assert.match(text, /"seek"/)
  })

  it('runs in a sandbox: no cookies, no origin of ours, nothing but itself', async () => {
    const { headers } = await open(`${root}index.html`)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /^sandbox allow-scripts/)
    assert.doesNotMatch(policy, /allow-same-origin|allow-top-navigation|allow-forms/)
    assert.ok(policy.includes(`connect-src ${world.url}${root} data: blob:`), policy)
    assert.deepEqual(
      ['access-control-allow-origin', 'x-content-type-options', 'referrer-policy', 'set-cookie'].map(name =>
        headers.get(name),
      ),
      ['*', 'nosniff', 'no-referrer', null],
    )
  })

  it('opens at no other address', async () => {
    const [, , id, token] = root.split('/')
    for (const path of [
      `/kept-reports/${Number(id) + 1}/${token}/index.html`,
      `/kept-reports/${id}/x/index.html`,
    ]) {
      const refused = await open(path)
      assert.deepEqual([refused.status, refused.text.includes('allure')], [302, false])
    }
    const later = String(token).replace(/^[^.]+/, (Date.now() + 9e9).toString(36))
    assert.equal((await open(`/kept-reports/${id}/${later}/index.html`)).status, 302)
    for (const path of [
      '..%2F..%2F..%2Fadmin-password',
      '%2e%2e/%2e%2e/jwt-secret',
      'none.html',
      '%00',
      'data',
    ])
      assert.equal((await open(root + path)).status, 404, path)
  })

  it('is read by programs with their token', async () => {
    const file = await open(`/api/v1/deploy-test-runs/${run.id}/report/summary.json`, bearer)
    assert.deepEqual([file.status, JSON.parse(file.text).stats.total], [200, 2])
    assert.match(file.headers.get('content-security-policy') ?? '', /^sandbox/)
    assert.equal((await open(`/api/v1/deploy-test-runs/${run.id}/report/summary.json`)).status, 401)
    const none = await open(`/api/v1/deploy-test-runs/${run.id}/report/none`, bearer)
    assert.deepEqual([none.status, JSON.parse(none.text).code], [404, 'no_file'])
  })

  it('is what the mail and the page link to, with the original beside it', async () => {
    const mail = await mailAbout(world, run)
    assert.match(mail.text ?? '', new RegExp(`http://crat\\.example/runs/${run.id}/report`))
    const { html } = await liWei.open(`/runs/${run.id}`)
    assert.match(html, new RegExp(`href="/runs/${run.id}/report"`))
    const [, original = ''] = html.split(`href="${reportServer.url}/cds_1/"`)
    assert.match(original.slice(0, 300), /The original/)
  })

  it('comes from the archive of the test server where it has one', async () => {
    const archive = tgzOf([
      { name: 'cds/index.html', body: '<!doctype html><head></head>the archived one' },
      { name: 'cds/link', mode: 0o120777 },
    ])
    testServer.answerNext(ARCHIVE, { headers: { 'content-type': 'application/gzip' }, body: archive })
    const archived = await runWith('cds_1', ['report_archive'])
    const kept = await untilKept(archived)
    assert.deepEqual([kept.source, kept.entry, kept.files], ['archive', 'cds/index.html', 1])
    const { text } = await open(await liWei.locationOf(`/runs/${archived.id}/report`))
    assert.match(text, /the archived one/)
  })

  it('is fetched page by page where that archive leads out of it', async () => {
    const archive = tgzOf([{ name: '../../admin-password', body: 'x' }])
    testServer.answerNext(ARCHIVE, { headers: { 'content-type': 'application/gzip' }, body: archive })
    const kept = await untilKept(await runWith('cds_1', ['report_archive']))
    assert.equal(kept.source, 'mirror')
  })

  it('that is nowhere leaves the link to the original, and says why', async () => {
    const lost = await runWith('none', [])
    await untilKept(lost, 'failed')
    assert.equal(await liWei.locationOf(`/runs/${lost.id}/report`), `${reportServer.url}/none/`)
    const { html } = await liWei.open(`/runs/${lost.id}`)
    assert.match(html, /CRAT could not keep a copy: .*404/)
  })

  it('that the disk does not take is tried again, and in the end said not to be kept', async () => {
    const { id: runId } = run
    await db.reportArchive.update({ where: { runId }, data: { state: 'waiting' } })
    const noFolder = { folder: join(world.dataDir, 'jwt-secret', 'reports') }
    await writeFile(join(world.dataDir, 'jwt-secret'), '')
    const keeper = { ...pipelineOf(world.crat.ctx), reports: noFolder, uploads: world.crat.ctx.uploads }
    const { signal } = new AbortController()
    await assert.rejects(keepReport(keeper, runId, { signal, isLastTry: false }), { code: 'ENOTDIR' })
    await keepReport(keeper, runId, { signal, isLastTry: true })
    const { errorKey } = await untilKept(run, 'failed')
    assert.equal(errorKey, 'kept:broke')
    await db.reportArchive.update({ where: { runId }, data: { state: 'kept' } })
  })
})

describe('reports that are old', () => {
  it('are removed, with the folders that no run refers to, and the original is linked', async () => {
    const { folder } = await untilKept(run)
    await db.reportArchive.update({ where: { runId: run.id }, data: { keptAt: new Date(0) } })
    await cleanUpReports(world.crat.ctx)
    await assert.rejects(readdir(join(reports.folder, folder ?? '')))
    assert.equal(await liWei.locationOf(`/runs/${run.id}/report`), `${reportServer.url}/cds_1/`)

    await world.admin.delete(`/test-items/${world.cds}/deploy-history`)
    for (const name of await readdir(join(reports.folder, '000000')))
      await utimes(join(reports.folder, '000000', name), new Date(0), new Date(0))
    await cleanUpReports(world.crat.ctx)
    assert.deepEqual(await readdir(join(reports.folder, '000000')), [])
  })

  it('are removed beside an archive that a kill left, which goes too', async () => {
    const { uploads } = world.crat.ctx
    const [stray, upload, young] = [
      join(reports.folder, 'left.tgz'),
      join(uploads.folder, 'left.upload'),
      join(uploads.folder, 'young.tgz'),
    ]
    await mkdir(uploads.folder, { recursive: true })
    for (const file of [stray, upload, young]) await writeFile(file, 'x')
    for (const file of [stray, upload]) await utimes(file, new Date(0), new Date(0))
    await cleanUpReports(world.crat.ctx)
    assert.deepEqual([existsSync(stray), existsSync(upload), existsSync(young)], [false, false, true])
  })
})
