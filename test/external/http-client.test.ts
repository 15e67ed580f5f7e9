import assert from 'node:assert/strict'
import test from 'node:test'
import { errors } from 'undici'
import { httpErrorFrom } from '../../src/external/http-client.ts'

test('who cannot be connected to is told apart from who does not answer', () => {
  const url = 'http://10.8.24.59:59996/api/deploy_and_test'
  const unconnected = httpErrorFrom(url, new errors.ConnectTimeoutError('Connect Timeout Error'), 300_000)
  assert.equal(unconnected.code, 'no_connection')
  assert.match(unconnected.message, /^No connection to 10\.8\.24\.59:59996 within 10 s/)
  const silent = httpErrorFrom(url, new errors.HeadersTimeoutError('Headers Timeout Error'), 300_000)
  assert.equal(silent.code, 'timeout')
  assert.match(silent.message, /did not answer within 300 s/)
})
