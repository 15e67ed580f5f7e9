import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a program of the system to its end; throws what it said where it fails. */
export async function runProgram(program: string, args: string[]): Promise<string> {
  try {
    return (await run(program, args)).stdout
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    throw new Error(`${program}: ${stderr?.trim() || message}`, { cause: error })
  }
}
