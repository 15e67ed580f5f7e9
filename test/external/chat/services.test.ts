import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import {
  CHAT_KINDS,
  CHAT_SERVICES,
  ChatError,
  type ChatMessage,
  createMessenger,
  packMessages,
} from '../../../src/external/chat/index.ts'
import { createEgress } from '../../../src/external/egress.ts'
import { SECRET, startChatServices } from '../../neighbours/chat/index.ts'
import type { Answer } from '../../neighbours/http-neighbour.ts'

const services = await startChatServices()
after(() => services.close())
afterEach(() => services.behave())
const messenger = createMessenger(createEgress())

const targetOf = (kind: (typeof CHAT_KINDS)[number]) => ({ url: services.addressOf(kind), secret: SECRET })

const message = (change: Partial<ChatMessage> = {}): ChatMessage => ({
  title: '× failed: 3 of 27 · cds #101',
  summary: ['CDN/Core #101 · Triggered by: li.wei@example.com', '3 tests fail that did not before'],
  details: ['Cache › purge of one file', '缓存 › 清除一个文件', 'TLS › handshake'],
  links: [{ label: 'Open the run', url: 'http://crat.example/runs/42' }],
  ...change,
})

const HOSTILE = [
  ...['<!channel> <!here> <@U0123> <https://evil.example|click>', '@all @所有人 <@all>'],
  ...['<at user_id="all">所有人</at>', '![picture](http://evil.example/a.png) [link](http://evil.example)'],
  ...['**bold** *b* _i_ ~s~ `code` ```block```', '# heading\n> quote', 'a|b>c<d & "quotes"', '\u202e\u0007'],
]

const long = (what: string) => what.repeat(Math.ceil(200 / what.length)).slice(0, 200)

for (const kind of CHAT_KINDS) {
  describe(kind, () => {
    const service = CHAT_SERVICES[kind]
    const send = (...messages: ChatMessage[]) => messenger.sendChat(kind, targetOf(kind), messages)

    it('takes a message that is signed and in its own form', async () => {
      const { status, answer } = await send(message())
      assert.equal(status, 200)
      assert.match(answer, /HTTP 200.*(ok|success)/)
      const text = services.taken.findLast(taken => taken.kind === kind)?.text ?? ''
      for (const part of ['cds', '101', 'li.wei@example.com', '清除一个文件', 'http://crat.example/runs/42'])
        assert.ok(text.includes(part), part)
    })

    it('gets no half of a character where a title is cut', async () => {
      const title = `${'x'.repeat(99)}😀😀`
      const { body } = service.request(targetOf(kind), [message({ title })], new Date())
      assert.ok(!body.includes('\\ud83d'), body)
    })

    it('mentions nobody and shows no markup that a name holds', async () => {
      const names = HOSTILE.map(long)
      await send(message({ title: HOSTILE.join(' '), summary: HOSTILE, details: [...HOSTILE] }))
      for (const name of names)
        await send(...packMessages(service, [message({ title: name, details: names })]))
    })

    it('is told as much as it takes', async () => {
      const details = Array.from({ length: 400 }, (_, i) => `测试 ${i} ${long('名')}`)
      const one = packMessages(service, [message({ title: long('项'), details })])
      assert.equal(one.length, 1)
      assert.equal(one[0]?.links.length, 1)
      await send(...one)
    })

    it('is told of many runs at once, as far as they fit', async () => {
      const runs = Array.from({ length: 100 }, (_, i) => message({ title: `run ${i} ${long('长')}` }))
      const packed = packMessages(service, runs)
      assert.ok(packed.length > 1 && packed.length <= 100, `${packed.length} runs`)
      assert.deepEqual(packed[0]?.details, [])
      await send(...packed)
    })
  })
}

const answered = async (
  kind: (typeof CHAT_KINDS)[number],
  answer: Answer | 'hang-up',
): Promise<ChatError> => {
  services.answerNext(/./, answer)
  try {
    await messenger.sendChat(kind, targetOf(kind), [message()])
  } catch (error) {
    assert.ok(error instanceof ChatError)
    return error
  }
  return assert.fail('it was taken')
}

const said = (body: object, status = 200): Answer => ({ status, body: JSON.stringify(body) })

describe('a refusal for good', () => {
  const cases: [(typeof CHAT_KINDS)[number], Answer, RegExp][] = [
    ['slack', { status: 404, body: 'no_service' }, /127\.0\.0\.1:\d+ refused.*404: no_service/],
    ['slack', { status: 403, body: 'action_prohibited' }, /action_prohibited/],
    ['slack', { status: 410, body: 'channel_is_archived' }, /channel_is_archived/],
    ['dingtalk', said({ errcode: 310000, errmsg: 'keywords not in content' }), /310000 keywords not in/],
    ['wecom', said({ errcode: 93000, errmsg: 'invalid webhook url' }), /93000 invalid webhook url/],
    ['feishu', said({ code: 19024, msg: 'Key Words Not Found' }), /19024 Key Words Not Found/],
    ['feishu', said({ code: 9499, msg: 'Bad Request' }, 400), /9499 Bad Request/],
  ]
  for (const [kind, answer, words] of cases) {
    it(`of ${kind} is one, with its words: ${words}`, async () => {
      const error = await answered(kind, answer)
      assert.ok(error.permanent)
      assert.match(error.message, words)
    })
  }

  it('is a wrong secret', async () => {
    for (const kind of ['dingtalk', 'feishu'] as const)
      await assert.rejects(
        messenger.sendChat(kind, { ...targetOf(kind), secret: 'another' }, [message()]),
        (error: ChatError) => error.permanent && /sign/.test(error.message),
      )
  })
})

describe('a limit of the rate', () => {
  const cases: [(typeof CHAT_KINDS)[number], Answer, number][] = [
    ['slack', { status: 429, headers: { 'retry-after': '7' }, body: 'rate_limited' }, 7_000],
    ['dingtalk', said({ errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }), 600_000],
    ['wecom', said({ errcode: 45009, errmsg: 'api freq out of limit' }), 60_000],
    ['feishu', said({ code: 11232, msg: 'create message trigger rate limit' }), 60_000],
    ['feishu', said({ code: 9499, msg: 'too many request' }), 60_000],
  ]
  for (const [kind, answer, waitMs] of cases) {
    it(`of ${kind} says when to come again: ${waitMs} ms`, async () => {
      const error = await answered(kind, answer)
      assert.equal(error.waitMs, waitMs)
      assert.equal(error.permanent, false)
    })
  }
})

describe('what may be better later', () => {
  it('is a server in trouble, a cut line, a page instead of an answer', async () => {
    const errors = [
      await answered('slack', { status: 503, body: 'upstream' }),
      await answered('dingtalk', said({ errcode: -1, errmsg: 'system busy' })),
      await answered('wecom', 'hang-up'),
      await answered('feishu', { status: 200, body: '<html>a proxy</html>' }),
    ]
    assert.deepEqual(
      errors.map(({ permanent, waitMs }) => ({ permanent, waitMs })),
      errors.map(() => ({ permanent: false, waitMs: null })),
    )
  })

  it('never tells the address, which is a secret', async () => {
    const errors = [await answered('wecom', 'hang-up'), await answered('dingtalk', { status: 500 })]
    for (const { message } of errors) assert.doesNotMatch(message, /token|key=/)
  })
})

describe('a webhook', () => {
  const target = { url: services.addressOf('webhook'), secret: SECRET }

  it('is signed and carries its delivery id', async () => {
    const body = JSON.stringify({ event: 'run.finished', delivery_id: 'd-1', run: { name: '缓存 <b>' } })
    assert.equal((await messenger.sendWebhook(target, { id: 'd-1', body })).status, 204)
  })

  it('goes to no address of the machine that is not for it', async () => {
    const body = '{}'
    await assert.rejects(
      messenger.sendWebhook({ url: 'http://169.254.169.254/latest', secret: null }, { id: 'd', body }),
      (error: ChatError) => error.permanent && /link-local/.test(error.message),
    )
  })
})
