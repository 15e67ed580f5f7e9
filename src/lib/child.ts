import { fork } from 'node:child_process'
import { once } from 'node:events'
import { programPath } from './root.ts'

/** Has a program of ours do something in a process of its own, whose end frees the memory that it took. */
export async function askChild<Answer>(program: string, question: unknown): Promise<Answer> {
  const child = fork(programPath(program), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  })
  const answered = once(child, 'message')
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${program} ended with ${signal ?? code} before it answered`)
  })
  child.send(question as object)
  const [{ answer, error }] = await Promise.race([answered, ended])
  child.disconnect()
  if (error) throw error
  return answer
}

/** In such a program: answers the process that started it, and ends with it. */
export function answerParent<Question, Answer>(work: (question: Question) => Answer | Promise<Answer>): void {
  process.on('disconnect', () => process.exit())
  process.once('message', async (question: Question) => {
    try {
      process.send?.({ answer: await work(question) })
    } catch (error) {
      process.send?.({ error })
    }
  })
}
