export { type AcceptedTask, type Submission, submitTask } from './submit.ts'
export { getTask, type Task } from './task.ts'
export { TestServerError } from './wire.ts'
