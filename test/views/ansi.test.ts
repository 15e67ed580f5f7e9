import assert from 'node:assert/strict'
import { test } from 'node:test'

interface Parsed {
  pieces: { text: string; classes: string }[]
  style: object
}
// A script of the browser, which has no types.
const path = '../../public/ansi.js'
const { parseLine, plainText } = (await import(path)) as {
  parseLine(line: string, style?: object): Parsed
  plainText(line: string): string
}

const brief = (line: string) => parseLine(line).pieces.map(({ text, classes }) => [text, classes])

test('colours, bold and the like become classes', () => {
  assert.deepEqual(brief('a \x1b[31mred\x1b[0m b'), [
    ['a ', ''],
    ['red', 'ansi-red'],
    [' b', ''],
  ])
  assert.deepEqual(brief('\x1b[1;4;92mok'), [['ok', 'ansi-green ansi-bold ansi-underline']])
  assert.deepEqual(brief('\x1b[33m\x1b[3mit\x1b[23;39mplain'), [
    ['it', 'ansi-yellow ansi-italic'],
    ['plain', ''],
  ])
  assert.deepEqual(brief('\x1b[38;5;196mred\x1b[38;2;0;200;10mgreen\x1b[38:5:21mblue'), [
    ['red', 'ansi-red'],
    ['green', 'ansi-green'],
    ['blue', 'ansi-blue'],
  ])
  assert.deepEqual(brief('\x9b31mred'), [['red', 'ansi-red']])
})

test('text on a coloured ground is dark, whatever colour it asks for', () => {
  assert.deepEqual(brief('\x1b[97;41mFAIL'), [['FAIL', 'ansi-on-red']])
  assert.deepEqual(brief('\x1b[32;7mPASS'), [['PASS', 'ansi-on-green']])
})

test('a colour goes on in the next line until it ends', () => {
  const first = parseLine('\x1b[35mTraceback')
  assert.deepEqual(parseLine('  File a.py', first.style).pieces, [
    { text: '  File a.py', classes: 'ansi-magenta' },
  ])
})

test('hostile sequences leave nothing but text', () => {
  for (const [line, text] of [
    ['\x1b]0;new title\x07after', 'after'],
    ['\x1b]8;;http://evil.example/\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1bP1$r\x1b\\x', 'x'],
    ['\x1b]52;c;never ended', '52;c;never ended'],
    ['\x1b[2J\x1b[1;1Hover\x1b[?25l', 'over'],
    ['a\x00b\x07c\x08\x7f\x85d', 'abcd'],
    ['\x1b[31', ''],
    ['\x1b[999;0;999999999999999999mx', 'x'],
    ['gnp.\u202Etxt', 'gnp.txt'],
    ['\x1b(B\x1b)0\x1b=ok', 'ok'],
    ['10%\r50%\r100%\r', '100%'],
    ['tab\tstays', 'tab\tstays'],
  ] as const) {
    assert.equal(plainText(line), text, JSON.stringify(line))
  }
  assert.deepEqual(brief('<b onclick="x">\x1b[31m&'), [
    ['<b onclick="x">', ''],
    ['&', 'ansi-red'],
  ])
})

test('long and hostile lines take no time', () => {
  const start = performance.now()
  for (const line of ['\x1b]'.repeat(500_000), '\x1b['.repeat(500_000), 'x'.repeat(5_000_000)])
    parseLine(line)
  assert.ok(performance.now() - start < 500)
  assert.equal(plainText('x'.repeat(5_000_000)).length, 5001)
})
