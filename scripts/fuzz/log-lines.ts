import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** Returns what is in the log that is not one JSON object a line: text of others that broke out of it. */
export async function brokenLines(logFile: string): Promise<string[]> {
  const broken: string[] = []
  for await (const line of createInterface({ input: createReadStream(logFile), crlfDelay: Infinity })) {
    if (line && !isObject(line)) broken.push(`in the log: ${line.slice(0, 300)}`)
  }
  return broken
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
