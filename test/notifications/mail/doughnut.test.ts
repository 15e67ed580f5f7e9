import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { TEST_STATUS_COLOURS } from '../../../src/notifications/mail/colours.ts'
import { drawDoughnut } from '../../../src/notifications/mail/doughnut.ts'
import { figures } from './runs.ts'

/** How many pixels have each colour, `#rrggbb`; the transparent ground is left out. */
function colours(png: Buffer | null): Map<string, number> {
  assert.ok(png)
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const seen = new Map<string, number>()
  const rows = unfilter(inflateSync(imageData(png)), width, height)
  for (let at = 0; at < rows.length; at += 4) {
    if (rows[at + 3] !== 255) continue
    const colour = `#${rows.toString('hex', at, at + 3)}`
    seen.set(colour, (seen.get(colour) ?? 0) + 1)
  }
  return seen
}

function imageData(png: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8)
    if (type === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  return Buffer.concat(parts)
}

/** PNG rows as plain RGBA (PNG specification, 9.2). */
function unfilter(data: Buffer, width: number, height: number): Buffer {
  const stride = width * 4
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : (out[y * stride + x - 4] ?? 0)
      const up = y === 0 ? 0 : (out[(y - 1) * stride + x] ?? 0)
      const corner = x < 4 || y === 0 ? 0 : (out[(y - 1) * stride + x - 4] ?? 0)
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      out[y * stride + x] = ((data[y * (stride + 1) + 1 + x] ?? 0) + guess) & 255
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

test('one status is a whole ring of its colour', () => {
  const seen = colours(drawDoughnut(figures()))
  assert.deepEqual([...seen.keys()], [TEST_STATUS_COLOURS.passed])
})

test('the ring is shared in proportion', () => {
  const seen = colours(drawDoughnut(figures({ passed: 25, failed: 50, broken: 0, skipped: 25, total: 100 })))
  const failed = seen.get(TEST_STATUS_COLOURS.failed) ?? 0
  const passed = seen.get(TEST_STATUS_COLOURS.passed) ?? 0
  assert.ok(Math.abs(failed / passed - 2) < 0.1, `${failed} and ${passed}`)
  assert.equal(seen.get(TEST_STATUS_COLOURS.broken), undefined)
})

test('one failed test of ten thousand can be seen', () => {
  const seen = colours(drawDoughnut(figures({ passed: 9999, failed: 1, total: 10_000 })))
  const failed = seen.get(TEST_STATUS_COLOURS.failed) ?? 0
  const passed = seen.get(TEST_STATUS_COLOURS.passed) ?? 0
  assert.ok(failed > 300 && failed < passed / 20, `${failed} and ${passed}`)
})

test('zero tests have no ring', () => {
  assert.equal(drawDoughnut(figures({ passed: 0, total: 0 })), null)
})
