import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nextTime, nextTimes } from '../../src/lib/cron.ts'
import { isTimeZone } from '../../src/lib/time-zone.ts'

/** The times of a schedule from one instant to another, as a clock that ticks each minute meets them. */
function startsWithin(schedule: string, zone: string, from: string, to: string): string[] {
  const starts: string[] = []
  let due = nextTime(schedule, zone, new Date(from))
  for (let now = Date.parse(from); now < Date.parse(to); now += 60_000) {
    if (!due || due.getTime() > now) continue
    starts.push(due.toISOString().slice(0, 16))
    due = nextTime(schedule, zone, new Date(now))
  }
  return starts
}

const times = (schedule: string, zone: string, after: string, count: number) =>
  nextTimes(schedule, zone, new Date(after), count).map(time => time.toISOString().slice(0, 16))

interface Change {
  zone: string
  /** A local time that the clock skips, the instant of the jump, and the day around it. */
  skipped: [schedule: string, jump: string, from: string, to: string]
  /** A local time that comes twice, the first of its instants, and the day around it. */
  twice: [schedule: string, first: string, from: string, to: string]
}

const CHANGES: Change[] = [
  {
    zone: 'Europe/Berlin',
    skipped: ['30 2 * * *', '2026-03-29T01:00', '2026-03-28T12:00Z', '2026-03-29T12:00Z'],
    twice: ['30 2 * * *', '2026-10-25T00:30', '2026-10-24T12:00Z', '2026-10-25T12:00Z'],
  },
  {
    zone: 'America/New_York',
    skipped: ['30 2 * * *', '2026-03-08T07:00', '2026-03-07T17:00Z', '2026-03-08T17:00Z'],
    twice: ['30 1 * * *', '2026-11-01T05:30', '2026-10-31T17:00Z', '2026-11-01T17:00Z'],
  },
  {
    zone: 'Australia/Lord_Howe',
    skipped: ['15 2 * * *', '2026-10-03T15:30', '2026-10-03T02:00Z', '2026-10-04T02:00Z'],
    twice: ['45 1 * * *', '2026-04-04T14:45', '2026-04-04T02:00Z', '2026-04-05T02:00Z'],
  },
]

for (const { zone, skipped, twice } of CHANGES)
  describe(`in ${zone}`, () => {
    it('a local time that the clock skips comes once, as the clock jumps', () => {
      const [schedule, jump, from, to] = skipped
      assert.deepEqual(startsWithin(schedule, zone, from, to), [jump])
    })

    it('a local time that comes twice counts once, the first time', () => {
      const [schedule, first, from, to] = twice
      assert.deepEqual(startsWithin(schedule, zone, from, to), [first])
    })

    it('all that the clock skips is one time, and what comes twice is not repeated', () => {
      for (const [, , from, to] of [skipped, twice]) {
        const starts = startsWithin('*/5 * * * *', zone, from, to)
        assert.equal(new Set(starts).size, starts.length)
        const shown = starts.map(start =>
          new Date(`${start}Z`).toLocaleString('sv', {
            timeZone: zone,
            timeStyle: 'short',
            dateStyle: 'short',
          }),
        )
        assert.equal(new Set(shown).size, shown.length, 'a local time came twice')
      }
    })
  })

it('midnight may be skipped, too', () => {
  assert.deepEqual(times('0 0 * * *', 'America/Santiago', '2026-09-05T12:00Z', 2), [
    '2026-09-06T04:00',
    '2026-09-07T03:00',
  ])
})

it('a day is one of both lists, as in cron', () => {
  assert.deepEqual(times('0 6 13 * fri', 'UTC', '2026-11-01T00:00Z', 3), [
    '2026-11-06T06:00',
    '2026-11-13T06:00',
    '2026-11-20T06:00',
  ])
  assert.deepEqual(times('0 6 * * 7', 'UTC', '2026-11-02T00:00Z', 1), ['2026-11-08T06:00'])
  assert.deepEqual(times('0 6 29 2 *', 'UTC', '2096-03-01T00:00Z', 1), ['2104-02-29T06:00'])
})

it('what is not in five fields of cron has no times', () => {
  const wrong = ['', '* * * * * *', '@daily', '60 * * * *', '0 0 L * *', '0 0 * * 5#2', '0 0 30 2 *', 'x']
  for (const schedule of wrong) assert.equal(nextTime(schedule, 'UTC', new Date()), null, schedule)
})

it('a time zone is a name of the IANA list', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'])
    assert.ok(isTimeZone(name), name)
  for (const name of ['', 'Berlin', '+01:00', 'Europe/Berlin ', 'Mars/Base', 'x'.repeat(300)])
    assert.ok(!isTimeZone(name), name)
})
