import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { exists } from '../files/exists.ts'
import { listFiles } from '../files/tree.ts'
import { type AllureResult, allureResult } from './allure-result.ts'
import { junitResults } from './junit.ts'

export interface TestOutcome {
  key: string
  name: string
  fullName: string
  status: string
  stop: number
  json: string
}

export interface TestAttempt {
  key: string
  name: string
  fullName: string
  attempt: number
  status: string
}

export interface Results {
  outcomes: TestOutcome[]
  attempts: TestAttempt[]
}

export function attemptFolder(work: string, attempt: number): string {
  return join(work, `attempt-${attempt}`)
}

/** What the tests have found so far, also where they did not come to their end. */
export async function readResults(work: string): Promise<Results> {
  const outcomes: TestOutcome[] = []
  const attempts: TestAttempt[] = []
  for (let attempt = 1; await exists(attemptFolder(work, attempt)); attempt += 1) {
    const found = await readAttempt(attemptFolder(work, attempt), endOf(outcomes))
    const failing = new Set(failingOf(outcomes).map(({ key }) => key))
    const counted = attempt === 1 ? found : found.filter(({ key }) => failing.has(key))
    if (attempt > 1) addAttempts(attempts, outcomes, counted, attempt)
    outcomes.push(...counted)
  }
  return { outcomes, attempts }
}

function endOf(outcomes: TestOutcome[]): number {
  return outcomes.reduce((latest, { stop }) => Math.max(latest, stop), 0)
}

export function failingOf(outcomes: TestOutcome[]): TestOutcome[] {
  const last = new Map<string, TestOutcome>()
  for (const outcome of outcomes.toSorted((a, b) => a.stop - b.stop)) last.set(outcome.key, outcome)
  return [...last.values()].filter(({ status }) => ['failed', 'broken'].includes(status))
}

function addAttempts(
  attempts: TestAttempt[],
  before: TestOutcome[],
  now: TestOutcome[],
  attempt: number,
): void {
  for (const { key, name, fullName, status } of failingOf(before)) {
    const again = now.findLast(outcome => outcome.key === key)
    if (!again) continue
    if (attempt === 2) attempts.push({ key, name, fullName, attempt: 1, status })
    attempts.push({ key, name, fullName, attempt, status: again.status })
  }
}

async function readAttempt(folder: string, before: number): Promise<TestOutcome[]> {
  const allure = await readAllure(join(folder, 'allure'))
  return allure.length > 0 ? allure : await readJUnit(join(folder, 'junit'), before + 1)
}

async function readAllure(folder: string): Promise<TestOutcome[]> {
  if (!(await exists(folder))) return []
  const files = (await readdir(folder)).filter(name => name.endsWith('-result.json'))
  const texts = await Promise.all(files.map(name => readFile(join(folder, name), 'utf8')))
  return texts.flatMap(json => allureOutcome(json) ?? [])
}

/** Null for a file that was cut when the tests were killed. */
function allureOutcome(json: string): TestOutcome | null {
  const { data } = allureResult.safeParse(parseJson(json))
  if (!data) return null
  const name = data.name ?? data.fullName ?? 'a test without a name'
  const fullName = data.fullName ?? name
  const key = data.historyId ?? data.testCaseId ?? fullName
  return { key, name, fullName, status: data.status, stop: data.stop ?? data.start ?? 0, json }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readJUnit(folder: string, notBefore: number): Promise<TestOutcome[]> {
  if (!(await exists(folder))) return []
  const files = (await listFiles(folder)).filter(name => name.endsWith('.xml'))
  const results = await Promise.all(files.map(name => readJUnitFile(join(folder, name), notBefore)))
  return results.flat().map(outcomeOf)
}

async function readJUnitFile(path: string, notBefore: number): Promise<AllureResult[]> {
  const [xml, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
  return junitResults(xml, { writtenAt: Math.round(mtimeMs), notBefore })
}

export function outcomeOf(result: AllureResult): TestOutcome {
  const { historyId, name, fullName, status, stop } = result
  return { key: historyId, name, fullName, status, stop, json: JSON.stringify(result) }
}

export async function writeResults(work: string, folder: string, outcomes: TestOutcome[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let attempt = 1; await exists(attemptFolder(work, attempt)); attempt += 1) {
    await cp(join(attemptFolder(work, attempt), 'allure'), folder, {
      recursive: true,
      filter: path => !basename(path).endsWith('-result.json'),
    })
  }
  await Promise.all(outcomes.map(({ json }, index) => writeFile(join(folder, `${index}-result.json`), json)))
}
