import { coreBuild, type World } from '../world/index.ts'

/** Makes rows that a route can act on: new ones for each call, because a call may delete them. */
export function existingRows({ admin, liWei, anyone, crat }: World) {
  let count = 0
  function unique(name: string): string {
    count += 1
    return `${name} ${count}`
  }

  async function job(): Promise<string> {
    const name = unique('job')
    await anyone.post('/builds', coreBuild(1, { JOB_NAME: name }))
    return name
  }
  async function build(): Promise<{ job: string; id: number }> {
    const name = await job()
    const { body } = await admin.get(`/builds/job/${name}/latest`)
    return { job: name, id: body.data.id }
  }
  async function item(associated_job_name?: string): Promise<number> {
    const name = unique('item')
    const { body } = await admin.post('/test-items', {
      name,
      associated_job_name: associated_job_name ?? (await job()),
    })
    return body.data.id
  }
  /** Queued: nothing drives it. */
  async function run(): Promise<number> {
    const { body } = await liWei.post(`/test-items/${await item()}/deploy-test`)
    return body.data.run_id
  }
  async function finishedRun(): Promise<number> {
    const id = await run()
    await admin.post(`/deploy-test-runs/${id}/cancel`)
    return id
  }
  async function parameterSet(): Promise<number> {
    const { body } = await admin.post('/parameter-sets', { name: unique('set'), parameters: {} })
    return body.data.id
  }
  async function token(scopes: string[] = ['read']): Promise<{ id: number; token: string }> {
    const { body } = await admin.post('/tokens', { name: unique('token'), scopes })
    return body.data
  }
  async function session(): Promise<number> {
    const email = `${unique('somebody').replace(' ', '')}@example.com`
    await anyone.logIn(email)
    return (await crat.ctx.db.session.findFirstOrThrow({ where: { email } })).id
  }
  async function environment(): Promise<number> {
    const input = { name: unique('rack'), test_server_url: 'http://127.0.0.1:1' }
    return (await admin.post('/environments', input)).body.data.id
  }
  async function mail(runId?: number): Promise<number> {
    const data = {
      runId,
      recipient: 'li.wei@example.com',
      subject: 's',
      html: '',
      text: '',
      messageId: unique('id'),
    }
    return (await crat.ctx.db.notification.create({ data })).id
  }
  const webhook = () => ({ name: unique('channel'), kind: 'webhook', url: 'http://127.0.0.1:1/hook' })
  async function channel(): Promise<number> {
    return (await admin.post('/channels', webhook())).body.data.id
  }
  const alertRule = () => ({ name: unique('rule'), kind: 'pass_rate', threshold: 90 })
  async function alert(): Promise<number> {
    return (await admin.post('/alert-rules', alertRule())).body.data.id
  }
  return {
    ...{ unique, job, build, item, run, finishedRun, parameterSet, environment, token, session, mail },
    ...{ webhook, channel, alertRule, alert },
  }
}
