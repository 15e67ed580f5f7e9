// Runs the test files that its parent names, one after the other: what they share is loaded and compiled once.
import { resolve } from 'node:path'
import { test } from 'node:test'

/** Of a file. Its tests have a timeout of their own. */
const TIMEOUT_MS = 10 * 60_000

process.on('message', (file: string) => {
  test(file, { timeout: TIMEOUT_MS }, async () => {
    await import(resolve(file))
  })
})
process.on('disconnect', () => process.exit())
