import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { fetchPackage, type PackageError, packagePathOf } from '../../../src/external/package-server/index.ts'
import {
  choiceAt,
  makePackage,
  md5,
  NO_PAUSES,
  RELEASE,
  serve,
  serveFile,
  servePage,
  sha256,
  temporaryFolder,
} from './world.ts'

/** Fetches a package that cannot be accepted: nothing of it stays, nothing is asked for twice. */
async function refusalOf(t: TestContext, content: Buffer): Promise<PackageError> {
  const { choice, requests } = await serveFile(t, { content, etag: '"v1"' })
  const folder = await temporaryFolder(t)
  const error = await fetchPackage(choice, { folder, pauses: NO_PAUSES }).then(
    () => assert.fail('it was accepted'),
    (error: PackageError) => error,
  )
  assert.ok(error.permanent)
  assert.equal(requests.length, 1)
  assert.doesNotMatch(error.message, /\{\{|undefined/)
  assert.ok(error.message.includes(RELEASE))
  assert.deepEqual(readdirSync(dirname(packagePathOf(folder, choice))), [])
  return error
}

test('one flipped byte anywhere in the content fails with a sentence that says so', async t => {
  const whole = gzipSync('cds'.repeat(100_000))
  for (const position of [20, Math.floor(whole.length / 2), whole.length - 6, whole.length - 2]) {
    const content = Buffer.from(whole)
    content[position] = (content[position] ?? 0) ^ 1
    const error = await refusalOf(t, content)
    assert.match(error.message, /is damaged|is incomplete/)
  }
})

test('one flipped byte in the middle of a large package is noticed', async t => {
  const content = makePackage(3_000_000)
  content[1_500_000] = (content[1_500_000] ?? 0) ^ 1
  assert.equal((await refusalOf(t, content)).key, 'package:corrupt')
})

test('a stream that stops in the middle is incomplete', async t => {
  const content = makePackage()
  for (const length of [content.length - 1, content.length - 8, 5000, 5])
    assert.equal((await refusalOf(t, content.subarray(0, length))).key, 'package:truncated')
})

test('anything behind the end of the stream does not belong there', async t => {
  const whole = makePackage(200_000)
  const tails = [
    Buffer.from('garbage'),
    Buffer.from([0, 0, 0, 1]),
    Buffer.concat([Buffer.alloc(200_000), whole]),
  ]
  for (const tail of tails)
    assert.equal((await refusalOf(t, Buffer.concat([whole, tail]))).key, 'package:trailing_garbage')
  assert.equal(
    (await refusalOf(t, Buffer.concat([gzipSync('x'), Buffer.from('yz')]))).key,
    'package:trailing_garbage',
  )
})

test('an error page in place of the package is no gzip file', async t => {
  assert.equal((await refusalOf(t, Buffer.from('<html>Please log in</html>'))).key, 'package:not_gzip')
})

test('an empty file is incomplete', async t => {
  assert.equal((await refusalOf(t, Buffer.alloc(0))).key, 'package:truncated')
})

/** A package and a checksum file beside it. */
async function fetchWithChecksum(
  t: TestContext,
  text: string,
  algorithm: 'sha256' | 'md5',
  fileName: string,
) {
  const url = `${await servePage(t, text)}/${fileName}`
  const { choice } = await serveFile(t, { content: CONTENT, etag: '"v1"' })
  const folder = await temporaryFolder(t)
  return fetchPackage({ ...choice, checksumFiles: [{ algorithm, url }] }, { folder, pauses: NO_PAUSES })
}

const CONTENT = makePackage(10_000)
const OTHER_SUM = sha256(Buffer.from('other'))
const MENTIONED: [string, 'sha256' | 'md5', string][] = [
  [`${sha256(CONTENT)}  ${RELEASE}\n`, 'sha256', `${RELEASE}.sha256`],
  [`${sha256(CONTENT).toUpperCase()}\r\n`, 'sha256', `${RELEASE}.sha256`],
  [`\uFEFF${sha256(CONTENT)} *${RELEASE}\r\n`, 'sha256', `${RELEASE}.sha256`],
  [`${md5(CONTENT)}  /home/jenkins/build/${RELEASE}\n`, 'md5', `${RELEASE}.md5`],
  [`${OTHER_SUM}  sds.tgz\n${sha256(CONTENT)}  ./${RELEASE}\n`, 'sha256', 'SHA256SUMS'],
  [`SHA256 (${RELEASE}) = ${sha256(CONTENT)}\n`, 'sha256', 'SHA256SUMS'],
  [`${md5(Buffer.from(''))}  debug/${RELEASE}\n${md5(CONTENT)}  ${RELEASE}`, 'md5', 'MD5SUMS'],
]
for (const [text, algorithm, fileName] of MENTIONED)
  test(`a checksum that fits is reported: ${JSON.stringify(text.slice(-40))} in ${fileName.slice(-10)}`, async t => {
    const { checksum } = await fetchWithChecksum(t, text, algorithm, fileName)
    assert.equal(checksum?.algorithm, algorithm)
    assert.equal(checksum?.value, algorithm === 'md5' ? md5(CONTENT) : sha256(CONTENT))
  })

test('a checksum that does not fit fails and names both sums', async t => {
  const wrong: [string, 'sha256' | 'md5', string][] = [
    [OTHER_SUM, 'sha256', `${RELEASE}.sha256`],
    [`${md5(Buffer.from('other'))}  ${RELEASE}`, 'md5', 'MD5SUMS'],
  ]
  for (const [text, algorithm, fileName] of wrong)
    await assert.rejects(fetchWithChecksum(t, text, algorithm, fileName), (error: PackageError) => {
      assert.equal(error.key, 'package:checksum_mismatch')
      assert.ok(error.message.includes(text.split(' ')[0] ?? text))
      assert.ok(error.message.includes(algorithm === 'md5' ? md5(CONTENT) : sha256(CONTENT)))
      return error.permanent
    })
})

test('a sums file that does not mention the package is ignored', async t => {
  for (const text of [
    '',
    `${OTHER_SUM}  sds.tgz\n`,
    OTHER_SUM,
    `${OTHER_SUM}  x${RELEASE}\n`,
    '<html>Not found</html>',
  ])
    assert.equal((await fetchWithChecksum(t, text, 'sha256', 'SHA256SUMS')).checksum, null)
})

test('the next checksum file counts where the first does not mention the package', async t => {
  const { choice } = await serveFile(t, { content: CONTENT })
  const sums = await serve(t, ({ url }, response) => {
    response.end(url === '/SHA256SUMS' ? `${OTHER_SUM}  sds.tgz\n` : md5(Buffer.from('other')))
  })
  const checksumFiles = [
    { algorithm: 'sha256' as const, url: `${sums}/SHA256SUMS` },
    { algorithm: 'md5' as const, url: `${sums}/${RELEASE}.md5` },
  ]
  const fetching = fetchPackage({ ...choice, checksumFiles }, { folder: await temporaryFolder(t) })
  await assert.rejects(fetching, { key: 'package:checksum_mismatch' })
})

test('a checksum that is shown but cannot be read fails before anything is fetched', async t => {
  const url = `${await servePage(t, '', 500)}/SHA256SUMS`
  const { choice, requests } = await serveFile(t, { content: CONTENT })
  const fetching = fetchPackage(
    { ...choice, checksumFiles: [{ algorithm: 'sha256', url }] },
    { folder: await temporaryFolder(t) },
  )
  await assert.rejects(fetching, { key: 'package:checksum_unreadable' })
  assert.equal(requests.length, 0)
})

test('a checksum that appears later is held against the kept package, too', async t => {
  const { choice } = await serveFile(t, { content: CONTENT, etag: '"v1"' })
  const folder = await temporaryFolder(t)
  await fetchPackage(choice, { folder })
  const url = `${await servePage(t, md5(CONTENT))}/${RELEASE}.md5`
  const again = await fetchPackage({ ...choice, checksumFiles: [{ algorithm: 'md5', url }] }, { folder })
  assert.equal(again.reused, true)
  assert.equal(again.checksum?.value, md5(CONTENT))

  const wrong = `${await servePage(t, OTHER_SUM)}/${RELEASE}.sha256`
  const fetching = fetchPackage(
    { ...choice, checksumFiles: [{ algorithm: 'sha256', url: wrong }] },
    { folder },
  )
  await assert.rejects(fetching, { key: 'package:checksum_mismatch' })
})

test('too little disk space is told before anything is written', async t => {
  const folder = await temporaryFolder(t)
  const huge = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 1e17 }).write('x')
  })
  const { choice } = await serveFile(t, { content: CONTENT })
  for (const fetching of [
    () => fetchPackage(choiceAt(huge), { folder }),
    () => fetchPackage(choice, { folder, reserveBytes: 1e17 }),
  ])
    await assert.rejects(fetching, (error: PackageError) => {
      assert.equal(error.key, 'package:no_space')
      assert.match(error.message, /\d TB are needed .* are free/)
      return error.permanent
    })
  for (const refused of [choice, choiceAt(huge)])
    assert.deepEqual(readdirSync(dirname(packagePathOf(folder, refused))), [])
})
