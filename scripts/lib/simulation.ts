import { fits, type Place, planStarts, remainingSeconds, type WaitingRun } from '../../src/runs/schedule.ts'

/** The workers' own scheduler against a clock that jumps, and environments that fail, hang and vanish by a seed. */

export interface SimulationOptions {
  environments: number
  runs: number
  items: number
  seed: number
  /** Part of the items that need two or three environments at once. Default 0.06. */
  together?: number
}

export interface SimulationResult {
  /** Promises that were broken, with the time. Empty where all is well. */
  broken: string[]
  ended: number
  attempts: number
  quarantines: number
  waits: number[]
  waitsTogether: number[]
  /** Seconds that environments ran, were idle while a run that fits waited, and were idle in all. */
  busySeconds: number
  idleWhileWaited: number
  idleSeconds: number
  lastedSeconds: number
  waitsByPerson: Map<string, number[]>
}

interface Item {
  labels: string[]
  needed: number
  meanSeconds: number
  history: number[]
}

interface SimulatedRun {
  id: number
  item: Item
  person: string
  createdAt: number
  tried: { environmentId: number; at: number }[]
  headSince: number | null
}

interface Machine extends Place {
  startedAt: number
  run: SimulatedRun | null
  brokenUntil: number
  setupFailures: number
  checkFailures: number
}

const QUARANTINE_AFTER = 3
const MOST_ATTEMPTS = 4
/** A run that hangs is given up then. */
const MAX_SECONDS = 3 * 3600
const FAILS_AFTER_SECONDS = 30
const PEOPLE = 25

export function simulate(options: SimulationOptions): SimulationResult {
  const random = randomFrom(options.seed)
  const machines = createMachines(options, random)
  const items = createItems(options, random)
  const agenda = createAgenda()
  const waiting: SimulatedRun[] = []
  const result = emptyResult()
  let now = 0

  function arrive(): void {
    const gap = meanGap(items, options)
    let at = 0
    for (let id = 1; id <= options.runs; id += 1) {
      at += -Math.log(1 - random()) * gap
      const item = pick(items, random)
      const run: SimulatedRun = {
        ...{ id, item, person: `person-${Math.floor(random() * PEOPLE)}`, createdAt: at },
        ...{ tried: [], headSince: null },
      }
      agenda.add(at, () => void enqueue(run))
    }
    const days = at / 86_400
    for (let n = 0; n < Math.ceil(days * options.environments * 0.5); n += 1)
      agenda.add(random() * at, () => vanish(pick(machines, random)))
  }

  function enqueue(run: SimulatedRun): void {
    const place = waiting.findIndex(({ id }) => id > run.id)
    waiting.splice(place < 0 ? waiting.length : place, 0, run)
  }

  function vanish(machine: Machine): void {
    machine.brokenUntil = now + 600 + random() * 7200
  }

  function startAll(): void {
    for (;;) {
      const plan = waiting.map(run => asWaiting(run, now))
      const [next] = planStarts({ places: asPlaces(machines, now), waiting: plan, queuePaused: false })
      if (!next) return
      const chosen = next.places.map(({ id }) => machines[id - 1] as Machine)
      start(waiting.find(({ id }) => id === next.run.id) as SimulatedRun, chosen)
    }
  }

  function start(run: SimulatedRun, chosen: Machine[]): void {
    checkStart(run, chosen)
    waiting.splice(waiting.indexOf(run), 1)
    result.attempts += 1
    if (!run.tried.length) noteWait(result, run, now - run.createdAt)
    const failing = chosen.find(({ brokenUntil }) => brokenUntil > now)
    const hangs = random() < 0.002
    const took = failing ? FAILS_AFTER_SECONDS : hangs ? MAX_SECONDS : durationOf(run.item, random)
    for (const machine of chosen) {
      machine.run = run
      machine.startedAt = now
    }
    agenda.add(now + took, () => end(run, chosen, took, failing))
  }

  function checkStart(run: SimulatedRun, chosen: Machine[]): void {
    if (chosen.length !== run.item.needed || new Set(chosen).size !== chosen.length)
      broken(`run ${run.id} started in ${chosen.length} of ${run.item.needed} environments`)
    for (const machine of chosen) {
      if (machine.run) broken(`runs ${run.id} and ${machine.run.id} are both in environment ${machine.id}`)
      if (machine.state !== 'ready')
        broken(`run ${run.id} started in ${machine.id}, which is ${machine.state}`)
      if (!fits(asWaiting(run, now), machine)) broken(`run ${run.id} does not fit environment ${machine.id}`)
    }
    const older = waiting.find(other => other.id < run.id && other.item === run.item && !other.tried.length)
    if (older) broken(`run ${run.id} started before ${older.id}, which asks for the same`)
  }

  function end(run: SimulatedRun, chosen: Machine[], took: number, failing: Machine | undefined): void {
    for (const machine of chosen) {
      machine.run = null
      result.busySeconds += took
    }
    if (!failing) {
      for (const machine of chosen) machine.setupFailures = 0
      if (took < MAX_SECONDS) run.item.history.push(took)
      result.ended += 1
      return
    }
    countFailure(failing)
    if (run.tried.length + 1 < MOST_ATTEMPTS) {
      run.tried.push({ environmentId: failing.id, at: now })
      run.headSince = null
      enqueue(run)
      agenda.add(now + 6, () => {})
    } else result.ended += 1
  }

  function countFailure(machine: Machine): void {
    machine.setupFailures += 1
    if (machine.setupFailures < QUARANTINE_AFTER || machine.state !== 'ready') return
    machine.state = 'quarantined'
    machine.checkFailures = 0
    result.quarantines += 1
    checkLater(machine)
  }

  function checkLater(machine: Machine): void {
    agenda.add(now + 60 * Math.min(2 ** machine.checkFailures, 60), () => {
      if (machine.brokenUntil > now) {
        machine.checkFailures += 1
        return checkLater(machine)
      }
      machine.state = 'ready'
      machine.setupFailures = 0
    })
  }

  /** After each event: no environment is free for a run that waits, but for an older one that needs several. */
  function checkPromises(): void {
    for (const machine of machines.filter(({ state, run }) => state === 'ready' && !run)) {
      const single = waiting.find(run => run.item.needed === 1 && mayTake(run, machine))
      if (!single) continue
      const holder = waiting.find(
        run => run.item.needed > 1 && run.id < single.id && fits(asWaiting(run, now), machine),
      )
      if (!holder) broken(`environment ${machine.id} is free, and run ${single.id} waits`)
    }
    checkStarvation()
  }

  function mayTake(run: SimulatedRun, machine: Machine): boolean {
    return !run.tried.length && fits(asWaiting(run, now), machine)
  }

  /** The oldest run of those that compete starts within the longest that runs may take, twice over. */
  function checkStarvation(): void {
    const seen: SimulatedRun[] = []
    for (const run of waiting) {
      const fitting = machines.filter(machine => fits(asWaiting(run, now), machine))
      const isHead = !seen.some(other => fitting.some(machine => fits(asWaiting(other, now), machine)))
      const inService = fitting.filter(({ state }) => state === 'ready').length >= run.item.needed
      run.headSince = isHead && inService ? (run.headSince ?? now) : null
      if (run.headSince !== null && now - run.headSince > 2 * MAX_SECONDS)
        broken(`run ${run.id} is the oldest that fits, and has waited ${now - run.headSince} s as such`)
      seen.push(run)
      if (seen.length > 5) return
    }
  }

  function broken(what: string): void {
    if (result.broken.length < 20) result.broken.push(`at ${Math.round(now)} s: ${what}`)
  }

  function passTime(until: number): void {
    const seconds = until - now
    for (const machine of machines.filter(({ state, run }) => state === 'ready' && !run)) {
      result.idleSeconds += seconds
      if (waiting.some(run => fits(asWaiting(run, now), machine))) result.idleWhileWaited += seconds
    }
    now = until
  }

  arrive()
  for (let event = agenda.next(); event; event = agenda.next()) {
    passTime(event.at)
    event.happen()
    startAll()
    checkPromises()
  }
  if (waiting.length) broken(`${waiting.length} runs wait for ever, the first is ${waiting[0]?.id}`)
  return { ...result, lastedSeconds: now }
}

function asWaiting(run: SimulatedRun, now: number): WaitingRun {
  return {
    ...{ id: run.id, labels: run.item.labels, wantedEnvironmentId: null, needed: run.item.needed },
    usualSeconds: usualOf(run.item),
    tried: run.tried.map(({ environmentId, at }) => ({ environmentId, secondsAgo: now - at })),
  }
}

function asPlaces(machines: Machine[], now: number): Place[] {
  return machines.map(({ id, name, labels, state, run, startedAt }) => {
    const usual = run && usualOf(run.item)
    return {
      ...{ id, name, labels, state, runId: run?.id ?? null, held: run !== null, isKnown: usual !== null },
      busySeconds: run ? remainingSeconds(usual, now - startedAt) : 0,
    }
  })
}

function usualOf({ history }: Item): number | null {
  const last = history.slice(-10)
  return last.length ? last.reduce((sum, seconds) => sum + seconds, 0) / last.length : null
}

function noteWait(result: SimulationResult, run: SimulatedRun, seconds: number): void {
  result.waits.push(seconds)
  if (run.item.needed > 1) result.waitsTogether.push(seconds)
  const own = result.waitsByPerson.get(run.person) ?? []
  result.waitsByPerson.set(run.person, [...own, seconds])
}

function createMachines({ environments }: SimulationOptions, random: () => number): Machine[] {
  return Array.from({ length: environments }, (_, index) => ({
    ...{ id: index + 1, name: `rack-${index + 1}`, state: 'ready' as const, runId: null, held: false },
    // Each label is somewhere.
    labels: ['gpu', 'arm'].filter((_label, n) => index % 7 === n || random() < 0.2),
    ...{ busySeconds: 0, isKnown: false, startedAt: 0, run: null, brokenUntil: 0 },
    ...{ setupFailures: 0, checkFailures: 0 },
  }))
}

function createItems(
  { items, environments, together = 0.06 }: SimulationOptions,
  random: () => number,
): Item[] {
  return Array.from({ length: items }, () => {
    const special = environments > 10 && random() < 0.25
    const needed = !special && random() < together ? Math.min(environments, random() < 0.7 ? 2 : 3) : 1
    const labels = special ? [pick(['gpu', 'arm'], random)] : []
    return { labels, needed, meanSeconds: 60 + random() ** 3 * 5400, history: [] }
  })
}

/** Between arrivals, so that the environments are busy for 85 of 100 seconds. */
function meanGap(items: Item[], { environments }: SimulationOptions): number {
  const load = items.reduce((sum, { meanSeconds, needed }) => sum + meanSeconds * needed, 0) / items.length
  return load / environments / 0.85
}

function durationOf({ meanSeconds }: Item, random: () => number): number {
  return Math.min(MAX_SECONDS, meanSeconds * (0.5 + random()))
}

function emptyResult(): SimulationResult {
  return {
    ...{ broken: [], ended: 0, attempts: 0, quarantines: 0, waits: [], waitsTogether: [] },
    ...{ busySeconds: 0, idleWhileWaited: 0, idleSeconds: 0, lastedSeconds: 0 },
    waitsByPerson: new Map(),
  }
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface SimulatedEvent {
  at: number
  happen(): void
}

/** Events in the order of their times: a binary heap. */
function createAgenda() {
  const heap: SimulatedEvent[] = []
  const at = (index: number) => heap[index]?.at ?? Number.POSITIVE_INFINITY
  const swap = (a: number, b: number) => {
    ;[heap[a], heap[b]] = [heap[b] as SimulatedEvent, heap[a] as SimulatedEvent]
  }
  return {
    add(time: number, happen: () => void): void {
      let index = heap.push({ at: time, happen }) - 1
      for (let parent = (index - 1) >> 1; index > 0 && at(parent) > at(index); parent = (index - 1) >> 1) {
        swap(parent, index)
        index = parent
      }
    },
    next(): SimulatedEvent | undefined {
      const first = heap[0]
      const last = heap.pop()
      if (!first || !last || first === last) return first
      heap[0] = last
      for (let index = 0; ; ) {
        const left = 2 * index + 1
        const least = at(left + 1) < at(left) ? left + 1 : left
        if (at(least) >= at(index)) return first
        swap(least, index)
        index = least
      }
    },
  }
}
