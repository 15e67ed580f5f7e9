import { type ExecaError, execa } from 'execa'

/** Runs a program of the system to its end; throws what it said where it fails. */
export async function runProgram(program: string, args: string[]): Promise<void> {
  try {
    await execa(program, args, { stdin: 'ignore' })
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError
    throw new Error(`${program}: ${stderr || shortMessage}`, { cause: error })
  }
}
