import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callBack, mailMessage } from '../../src/notifications/message.ts'
import { noticeMessage } from '../../src/notifications/notice-message.ts'
import { startWorld } from '../world/index.ts'

const world = await startWorld()
const { ctx } = world.crat

const message = noticeMessage({
  ...{ event: 'something.happened', project: 'CRAT', url: 'http://crat.example/runs', tone: 'warn' },
  body: { what: '缓存' },
  wordsIn: locale => ({
    ...{ subject: locale === 'en' ? 'It happened' : '发生了', headline: 'It', text: 'Once.', action: 'Open' },
  }),
})

const written = () => ctx.db.notification.findMany({ orderBy: { id: 'asc' } })

test('a message is mailed to each recipient in their language, or to nobody where the transaction fails', async () => {
  const why = { key: 'why_channel', params: { channel: 'team' } }
  const recipients = ['li.wei@example.com', 'wang.fang@example.com']
  const mail = { recipients, locale: 'zh-CN' as const, why }
  const failed = ctx.db.$transaction(async tx => {
    await mailMessage(ctx, tx, message, mail)
    throw new Error('no')
  })
  await assert.rejects(failed, /no/)
  assert.deepEqual(await written(), [])
  await ctx.db.$transaction(tx => mailMessage(ctx, tx, message, mail))
  const mails = await written()
  assert.deepEqual(
    mails.map(({ kind, recipient, subject, event }) => [kind, recipient, subject, event]),
    recipients.map(recipient => ['mail', recipient, '发生了', 'something.happened']),
  )
  assert.match(mails[0]?.text ?? '', /team/)
})

test('a mail is stored without what the database cannot store', async () => {
  const words = { subject: 'Odd', headline: 'Odd', text: 'NUL \0, half \ud83d', action: 'Open' }
  const odd = noticeMessage({
    ...{ event: 'odd', project: 'CRAT', url: 'http://crat.example', tone: 'warn', body: {} },
    wordsIn: () => words,
  })
  const why = { key: 'why_channel', params: { channel: 'team' } }
  const mail = { recipients: ['li.wei@example.com'], locale: 'en' as const, why }
  await ctx.db.$transaction(tx => mailMessage(ctx, tx, odd, mail))
  const stored = await ctx.db.notification.findFirstOrThrow({ where: { event: 'odd' } })
  assert.match(stored.text, /NUL , half \ufffd/)
})

test('a callback is a delivery to an address of its own', async () => {
  await ctx.db.notification.deleteMany()
  const address = 'http://jenkins.example:8080/hook?token=secret'
  await ctx.db.$transaction(tx => callBack(tx, message, address))
  const [callback] = await written()
  assert.ok(callback)
  assert.deepEqual([callback.kind, callback.recipient], ['callback', 'jenkins.example:8080'])
  assert.deepEqual(callback.payload, { url: address, body: { what: '缓存' } })
  assert.ok(callback.nextTryAt)
})
