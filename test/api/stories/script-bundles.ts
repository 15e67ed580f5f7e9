import type { StoryWorld } from '../story-world.ts'

/** The same bytes each time: a .tgz with the file tests/run.py. */
const BUNDLE = Buffer.from(
  'H4sIAAAAAAAAA+3RTQrCMBCG4aw9RU6g+Zv2PC5cCUaS6cLb28aNdNGCEER8n82ESSAffHqpWk+mKzcbRdqcrWc7e/FBYkxp2Xs3+mis9I31MlU9F2tNyVm33u3d/yht/Zfpdrw/ev2xFDyktNF/XPUf3BCMdb0Cvfvz/vP18O0IAAAAAAAAAAAAAAAAAD70BO+WmzEAKAAA',
  'base64',
)
const FILE = () => '<file>'

/** Bundles of test scripts, from the upload to the test server that fetches one. */
export async function scriptBundles(world: StoryWorld): Promise<void> {
  const { admin, liWei, nobody } = world
  const put = (name: string, body: Buffer | string, caller = admin) =>
    caller.send({ method: 'PUT', path: `/api/v1/script-bundles/${name}`, body })
  for (let times = 0; times < 2; times += 1) await put('cds-tests', BUNDLE)
  for (const caller of [liWei, nobody]) await put('cds-tests', BUNDLE, caller)
  await put('cds-tests', 'no archive')
  await put('-', BUNDLE)
  for (const path of ['', '/cds-tests', '/none', '/cds-tests/2', '/none/1'])
    await liWei.get(`/script-bundles${path}`)
  await liWei.get('/script-bundles/cds-tests/1', FILE)
  await nobody.get('/script-files/none?signature=none')
  await testWithScripts(world)
}

async function testWithScripts({ admin, liWei, nobody, ...world }: StoryWorld): Promise<void> {
  const announced = { JOB_NAME: 'CDN/Core', BUILD_NUMBER: 920, PACKAGE_PATH: 'build/CDN/Core/101' }
  const { data: build } = await nobody.post('/builds', announced)
  const item = { name: 'cds-5', associated_job_name: 'CDN/Core', script_bundle: 'cds-tests' }
  const { data: scripted } = await admin.post('/test-items', item)
  await admin.put(`/test-items/${scripted.id}`, { script_bundle: 'none' })
  await admin.put(`/test-items/${scripted.id}`, { script_bundle_version: 1 })
  await admin.put('/settings/external_test_server_url', { value: world.versionTwo.url })
  const { data } = await liWei.post(`/test-items/${scripted.id}/deploy-test`, {
    build_info_id: build.id,
  })
  await world.untilOver(data.run_id)
  const { data: run } = await liWei.get(`/deploy-test-runs/${data.run_id}`)
  await liWei.get(`/deploy-test-runs/${data.run_id}/load`)
  const { pathname, search } = new URL(run.steps[1].details.request.scripts_url)
  await nobody.get(`${pathname.replace('/api/v1', '')}${search}`, FILE)
  await admin.put('/settings/external_test_server_url', { value: world.neighbours.testServer.url })
}
