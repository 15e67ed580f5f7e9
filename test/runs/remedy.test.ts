import assert from 'node:assert/strict'
import { it } from 'node:test'
import { remediesFor } from '../../src/runs/remedy.ts'

it('a failed run is answered by what its error says', () => {
  const main = (...of: Parameters<typeof remediesFor>) => remediesFor(...of).main
  assert.deepEqual(remediesFor('package:no_match', 'download'), { main: 'look_again', also: 'other_build' })
  assert.equal(main('package:bad_path', 'download'), 'other_build')
  assert.equal(main('errors:no_package_server', 'download'), 'settings')
  assert.equal(main('test-server:refused', 'test'), 'parameters')
  assert.equal(main('test-server:task_lost', 'monitor'), 'check_environment')
  assert.equal(main('test-server:task_failed', 'monitor'), 'retry')
  assert.equal(main(null, null), 'retry')
})

it('a server that cannot be reached is that of the step', () => {
  assert.deepEqual(remediesFor('http:refused', 'download'), { main: 'look_again', also: 'settings' })
  assert.deepEqual(remediesFor('http:refused', 'test'), { main: 'check_environment', also: 'retry' })
})
