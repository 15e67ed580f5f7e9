import { createHash, randomUUID } from 'node:crypto'
import { Parser } from 'htmlparser2'
import type { AllureResult } from './allure-result.ts'

type Status = AllureResult['status']

const STATUS_OF: Record<string, Status> = { failure: 'failed', error: 'broken', skipped: 'skipped' }
const WORST_FIRST: Status[] = ['failed', 'broken', 'skipped', 'passed']
const MAX_TEXT = 32_000

interface Case {
  name: string
  suites: string[]
  className: string
  status: Status
  ms: number
  message: string
  trace: string
}

/**
 * The test cases of JUnit XML as Allure results. Of a file that breaks off the cases that are whole. The report sorts
 * the attempts of a test by their start, so no case starts before `notBefore`, whatever its file says.
 */
export function junitResults(
  xml: string,
  { writtenAt, notBefore = 0 }: { writtenAt: number; notBefore?: number },
): AllureResult[] {
  const cases = readCases(xml)
  const seen = new Map<string, number>()
  const took = cases.reduce((sum, { ms }) => sum + ms, 0)
  let start = Math.max(notBefore, writtenAt - took)
  return cases.map(each => {
    const fullName = unique([...each.suites, each.className, each.name].filter(Boolean).join(' › '), seen)
    const result = resultOf(each, fullName, start)
    start += each.ms
    return result
  })
}

function readCases(xml: string): Case[] {
  const cases: Case[] = []
  const suites: string[] = []
  const path: string[] = []
  let current: Case | null = null
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        path.push(name)
        if (name === 'testsuite') suites.push(attributes.name ?? '')
        if (name === 'testcase') current = newCase(attributes, suites)
        const status = path.at(-2) === 'testcase' ? STATUS_OF[name] : undefined
        if (current && status) {
          current.status = worse(current.status, status)
          current.message ||= attributes.message ?? ''
        }
      },
      ontext(text) {
        const inReason = path.at(-2) === 'testcase' && STATUS_OF[path.at(-1) ?? '']
        if (current && inReason && current.trace.length < MAX_TEXT) current.trace += text
      },
      onclosetag(name) {
        path.pop()
        if (name === 'testsuite') suites.pop()
        if (name !== 'testcase' || !current) return
        cases.push(current)
        current = null
      },
    },
    { xmlMode: true },
  )
  // Not `end`, which would close what a file that breaks off has left open.
  parser.write(xml)
  return cases
}

function newCase({ name = '', classname = '', time = '' }: Record<string, string>, suites: string[]): Case {
  const className = suites.includes(classname) ? '' : classname
  const ms = Math.round(Number(time.replaceAll(',', '')) * 1000) || 0
  return { name, suites: suites.filter(Boolean), className, status: 'passed', ms, message: '', trace: '' }
}

const worse = (a: Status, b: Status) => (WORST_FIRST.indexOf(b) < WORST_FIRST.indexOf(a) ? b : a)

/** Allure would take a second case of the same name for a retry of the first. */
function unique(name: string, seen: Map<string, number>): string {
  const count = (seen.get(name) ?? 0) + 1
  seen.set(name, count)
  return count === 1 ? name : `${name} #${count}`
}

function resultOf(each: Case, fullName: string, start: number): AllureResult {
  const { name, suites, className, status, ms, message, trace } = each
  const id = createHash('md5').update(fullName).digest('hex')
  const groups = [...suites, className].filter(Boolean)
  const kinds = ['parentSuite', 'suite', 'subSuite']
  const labels = groups.slice(-3).map((value, index) => ({ name: labelName(groups, index, kinds), value }))
  return {
    ...{ uuid: randomUUID(), name, fullName, historyId: id, testCaseId: id, labels },
    ...{ status, stage: 'finished', start, stop: start + ms },
    statusDetails: { message: message || trace.trim().split('\n')[0], trace: trace.trim() },
  }
}

/** One group is the suite; of more the first is the parent. */
function labelName(groups: string[], index: number, kinds: string[]): string {
  return kinds[groups.length === 1 ? 1 : index] ?? 'suite'
}
