import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { move } from '../deploy/copy.ts'
import { readTextIfAny } from '../files/atomic-file.ts'
import { runCommand } from '../processes/run-command.ts'
import type { WorkTools } from '../tasks/task.ts'

const allure = fileURLToPath(import.meta.resolve('allure'))
const HISTORY_LIMIT = 50

export interface ReportPlace {
  reportDir: string
  keepReports: number
  /** Where `reportDir` is served, for a submission whose `base_url` is empty. */
  reportBaseUrl: string
}

export interface ReportOptions {
  results: string
  name: string
  /** What earlier runs found; this one is added. */
  historyFile: string
  cookie: string
  tools: Pick<WorkTools, 'folder' | 'write' | 'signal'>
}

export async function generateReport({
  results,
  name,
  historyFile,
  cookie,
  tools,
}: ReportOptions): Promise<string> {
  const work = join(tools.folder, 'work')
  const output = join(work, 'report')
  const config = join(work, 'allurerc.json')
  await mkdir(dirname(historyFile), { recursive: true })
  const plugins = { awesome: { options: { reportName: name } } }
  const options = { name, output, historyPath: historyFile, historyLimit: HISTORY_LIMIT, plugins }
  await writeFile(config, JSON.stringify(options))
  const command = [process.execPath, allure, 'generate', '--config', config, '--cwd', work, results]
  const { exitCode, tail } = await runCommand(command, { cwd: work, cookie, ...tools })
  if (exitCode !== 0) throw new Error(`The Allure report cannot be generated: ${tail.trim()}`)
  return output
}

export async function historyIds(historyFile: string): Promise<Map<string, string>> {
  const last = (await readTextIfAny(historyFile))?.trimEnd().split('\n').at(-1)
  const { testResults = {} } = JSON.parse(last ?? '{}') as {
    testResults?: Record<string, { fullName?: string; name: string }>
  }
  return new Map(
    Object.entries(testResults).map(([id, { fullName = '', name }]) => [nameKey(fullName, name), id]),
  )
}

/** Tests with parameters have one full name. */
export function nameKey(fullName: string, name: string): string {
  return `${fullName}\n${name}`
}

/** Moves a finished report to where it is served, into the folder with the next number; answers the folder's name. */
export async function publishReport(report: string, keyword: string, place: ReportPlace): Promise<string> {
  const word = keyword.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
  await mkdir(place.reportDir, { recursive: true })
  const numbers = await numbersOf(word, place.reportDir)
  const folder = await takeFolder(word, Math.max(0, ...numbers) + 1, place.reportDir)
  await move(report, join(place.reportDir, folder))
  for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - place.keepReports)))
    await rm(join(place.reportDir, `${word}_${number}`), { recursive: true, force: true })
  return folder
}

async function numbersOf(word: string, reportDir: string): Promise<number[]> {
  const names = (await readdir(reportDir)).filter(name => name.startsWith(`${word}_`))
  return names
    .map(name => Number(name.slice(word.length + 1)))
    .filter(Number.isInteger)
    .sort((a, b) => a - b)
}

/** Two services may have one keyword. */
async function takeFolder(word: string, number: number, reportDir: string): Promise<string> {
  const folder = `${word}_${number}`
  try {
    await mkdir(join(reportDir, folder))
    return folder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return await takeFolder(word, number + 1, reportDir)
  }
}

export function reportUrl(folder: string, baseUrl: string, { reportBaseUrl }: ReportPlace): string {
  return `${(baseUrl || reportBaseUrl).replace(/\/+$/, '')}/${encodeURIComponent(folder)}/`
}
