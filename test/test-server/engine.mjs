#!/usr/bin/env node
// Stands for Locust: it reads the same environment and writes the same files, without any load.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const { LOAD_STAGES, LOAD_STOP_FILE, LOAD_POINTS_FILE, LOAD_TOTALS_FILE, ERRORS = '0' } = process.env
if (process.argv.includes('--version')) process.exit()

const stages = JSON.parse(LOAD_STAGES)
const total = stages.reduce((sum, { duration }) => sum + duration, 0)
const errors = Number(ERRORS)
let users = 0
console.log(`engine: ${process.argv.slice(2).join(' ')}`)
for (let t = 0.1; t < total && !existsSync(LOAD_STOP_FILE); t += 0.1) {
  users = stages[0].users
  point(t, users)
  await pause(100)
}
while (users > 0) point(0, --users)
const entry = {
  name: '/news',
  method: 'GET',
  requests: 100,
  failures: errors,
  p95_ms: 812,
  rps: 40,
  average_ms: 100,
}
const errorList = errors ? [{ method: 'GET', name: '/news', error: 'HTTP 500', count: errors }] : []
writeFileSync(LOAD_TOTALS_FILE, JSON.stringify({ total: entry, entries: [entry], errors: errorList }))
console.log('engine: ramped down')

function point(t, now) {
  const values = { t, users_planned: stages[0].users, users: now, rps: 40, p95_ms: 812, errors: 0 }
  appendFileSync(LOAD_POINTS_FILE, `${JSON.stringify(values)}\n`)
}
