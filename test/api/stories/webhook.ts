import { createHmac } from 'node:crypto'
import { CORE, coreBuild } from '../../world/index.ts'
import { type StoryWorld, WEBHOOK_SECRET } from '../story-world.ts'
import { sendWrongValues } from '../wrong-values.ts'

const FIELDS = ['JOB_NAME', 'BUILD_NUMBER', 'BUILD_USER', 'PACKAGE_PATH']
const BAD_PATHS = [
  '../secret',
  'build/../../secret',
  'build/%2e%2E/secret',
  'http://elsewhere.example/build',
  '//elsewhere.example/build',
  'file:build',
  'build\\CDN',
  'build\u0007',
  '/',
  'x'.repeat(1501),
]
const BAD_NUMBERS = [0, -1, 1.5, 2_147_483_648, '0', '-1', '1.5', '0x10', 'x', '12345678901', '', null, [101]]
const BAD_JOBS = ['', ' ', 'x'.repeat(256), 'a\nb']

const URL = { method: 'POST', path: '/api/v1/builds' }
const BODY = JSON.stringify(coreBuild(104))
const SIGNATURE = `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(BODY).digest('hex')}`

/** What Jenkins sends: builds, the same again, and what it must not send. */
export async function webhook(world: StoryWorld): Promise<void> {
  await announceBuilds(world)
  await announceAsCurlDoes(world)
  await announceWrongly(world)
  await announceWithSecret(world)
  await world.liWei.get('/builds?limit=100')
}

async function announceBuilds({ nobody }: StoryWorld): Promise<void> {
  const announce = (build: object) => nobody.post('/builds', { ...coreBuild(101), ...build })
  await announce({ PACKAGE_PATH: '/build/CDN/Core/101/' })
  await announce({ PACKAGE_PATH: '/build/CDN/Core/101/', BUILD_USER: 'someone else' })
  await announce({ BUILD_NUMBER: ' 102 ', PACKAGE_PATH: 'build/CDN/Core/102', BUILD_USER: null })
  await announce({
    BUILD_NUMBER: 103,
    PACKAGE_PATH: 'build/CDN/Core/gone',
    BUILD_USER: ' ',
    BRANCH: ['a', 5],
  })
  await announce({ JOB_NAME: 'CDN/Edge (中文)', BUILD_USER: 'a\u0000b\uD800', NOTE: 'a\u0000b' })
  await announce({ JOB_NAME: 'a%2Fb?c#d', BUILD_USER: 'x'.repeat(300) })
}

/** With another content type, or none, and with what a shell makes of quotes. */
async function announceAsCurlDoes({ nobody }: StoryWorld): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await nobody.send({ ...URL, headers, body: BODY })
  await nobody.send({ ...URL, body: JSON.stringify(coreBuild(105)) })
  await nobody.send({ ...URL, headers, body: `{JOB_NAME:${CORE},BUILD_NUMBER:104}` })
  await nobody.send({ ...URL, headers, body: BODY.replace('jenkins', 'jen"kins') })
}

async function announceWrongly({ nobody }: StoryWorld): Promise<void> {
  const announce = (more: Record<string, unknown>) => nobody.post('/builds', coreBuild(101, more))
  await sendWrongValues(body => nobody.post('/builds', body), FIELDS)
  for (const PACKAGE_PATH of BAD_PATHS) await announce({ PACKAGE_PATH })
  for (const BUILD_NUMBER of BAD_NUMBERS) await announce({ BUILD_NUMBER })
  for (const JOB_NAME of BAD_JOBS) await announce({ JOB_NAME })
}

async function announceWithSecret({ jenkins }: StoryWorld): Promise<void> {
  const proofs: Record<string, string>[] = [
    {},
    { authorization: 'Bearer wrong' },
    { 'x-crat-token': 'wrong' },
    { 'x-hub-signature-256': 'sha256=wrong' },
    { authorization: `Bearer ${WEBHOOK_SECRET}` },
    { 'x-crat-token': WEBHOOK_SECRET },
    { 'x-hub-signature-256': SIGNATURE },
  ]
  for (const headers of proofs) await jenkins.send({ ...URL, headers, body: BODY })
}
