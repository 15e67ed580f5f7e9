import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startServerWorld } from './server-world.ts'

const limits = { log: '2MB', disk: '20MB', memory: '500MB', processes: 30 }
const command = ['./run-tests.sh']
const suites = [
  { name: 'patient', command, time_limit: '2m', limits },
  { name: 'impatient', command, time_limit: '1s', limits },
]
const world = await startServerWorld({ service: { tests: suites } })
await world.deploy({ version: '1.0', files: { 'run-tests.sh': '#!/bin/sh\n' } })

const JUNIT = `cat > "$JUNIT_DIR/a.xml" <<XML
<testsuite name="s"><testcase name="done"/>
XML
`

async function testsThat(script: string, test_path: string) {
  const files = { 'run-tests.sh': `#!/bin/sh\n${script}\n` }
  return await world.deploy({ version: '2.0', files }, { test_path })
}

describe('tests that take too much are ended, the old version runs and nothing else does:', () => {
  const cases: [string, string, RegExp][] = [
    [
      'hang, with daemons',
      `${JUNIT}trap "" TERM INT HUP; for i in 1 2 3; do setsid sleep 1000 & done; while true; do sleep 1; done`,
      /took longer than 1 s/,
    ],
    [
      'fork',
      'fork() { setsid sh -c "sleep 1000" & }; while true; do fork; sleep 0.01; done',
      /more than 30 processes/,
    ],
    [
      'fill the disk',
      'while true; do head -c 1000000 /dev/zero >> "$TMPDIR/big"; done',
      /more than 20 MB on the disk/,
    ],
    ['write without end', 'yes "a line of the log that says nothing new at all"', /more than 2 MB of output/],
    [
      'eat memory',
      '"$NODE" -e "const a=[];setInterval(()=>a.push(Buffer.alloc(5e7,1)),10)"',
      /more than 500 MB of memory/,
    ],
  ]
  for (const [what, script, problem] of cases) {
    it(what, async () => {
      const task = await testsThat(script, String(problem).includes('longer') ? 'impatient' : 'patient')
      assert.equal(task.status, 'failed')
      assert.match(task.error, problem)
      assert.match(task.error, /The version of before was put back and runs\./)
      assert.equal(task.result.deploy.rolled_back, true)
      assert.equal(task.result.test.partial, true)
      assert.equal(task.result.test.report_url === 'None', !script.includes(JUNIT))
      assert.equal(await world.version(), '1.0')
      assert.equal((await world.processes()).length, 1, 'something else runs')
      assert.ok((await world.logOf(task.task_id)).length < 3_000_000)
    })
  }
})

it('tests that leave processes behind are done, and these are ended', async () => {
  const pass = `${JUNIT.replace('<testcase name="done"/>', '<testcase name="done"/></testsuite>')}`
  const files = { 'run-tests.sh': `#!/bin/sh\n${pass}setsid sleep 1000 &\nexit 0\n` }
  const task = await world.deploy({ version: '3.0', files }, { test_path: '' })
  assert.equal(task.status, 'completed', task.error)
  assert.equal(await world.version(), '3.0')
  assert.equal((await world.processes()).length, 1)
})
