import { type ExecaError, execa } from 'execa'

export async function runProgram(program: string, args: string[]): Promise<void> {
  try {
    await execa(program, args, { stdin: 'ignore' })
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError
    throw new Error(`${program}: ${stderr || shortMessage}`, { cause: error })
  }
}
