import type { StoryWorld } from '../story-world.ts'

const BROKEN: (string | Buffer)[] = [
  '',
  ' \n ',
  'null',
  '5',
  '"name"',
  '[]',
  '{"name":"x"',
  '{"name":"x"}{}',
  '{name: cds}',
  '{\n  "name": "x",\n  "description": x\n}',
  'name=x',
  '<html></html>',
  '{"name":NaN}',
  '[]]',
  Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
  '['.repeat(200) + ']'.repeat(200),
  `{"name":${'9'.repeat(100)}}`,
]
const TYPES = ['text/xml', 'multipart/form-data; boundary=x', 'text/html', 'jsonp']
const KIB = 1024

/** Bodies that are no JSON object, of a wrong type or encoding, or too large. */
export async function bodies({ admin, nobody }: StoryWorld): Promise<void> {
  const path = '/api/v1/test-items'
  const json = { 'content-type': 'application/json' }
  for (const body of BROKEN) await admin.send({ method: 'POST', path, headers: json, body })
  for (const type of TYPES)
    await admin.send({ method: 'POST', path, headers: { 'content-type': type }, body: '{"name":"x"}' })
  for (const encoding of ['zip', 'gzip'])
    await admin.send({
      ...{ method: 'POST', path, headers: { ...json, 'content-encoding': encoding } },
      body: '{"name":"x"}',
    })

  await admin.post('/test-items', { name: 'x', description: 'x'.repeat(256 * KIB) })
  await nobody.post('/builds', {
    JOB_NAME: 'x',
    PACKAGE_PATH: 'x',
    BUILD_NUMBER: 1,
    MORE: 'x'.repeat(64 * KIB),
  })
  await nobody.post('/auth/login', { email: 'x'.repeat(256 * KIB) })
}
