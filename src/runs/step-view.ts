import type { StepName, StepStatus } from '../generated/prisma/enums.ts'
import type { StepModel as Step } from '../generated/prisma/models.ts'
import { masked } from '../lib/secrets.ts'
import { detailsOf } from './step-details.ts'

export interface StepView
  extends Partial<Pick<Step, 'startTime' | 'endTime' | 'attempt' | 'progress' | 'details'>> {
  name: StepName
  status: StepStatus | null
  error: Pick<Step, 'error' | 'errorKey' | 'errorParams'> | null
  chosenBecause: string | null
}

const ORDER = ['download', 'test', 'monitor', 'notify'] as const

export function viewSteps(steps: Step[]): StepView[] {
  const chosenBecause = detailsOf(steps, 'download')?.choice?.reason ?? null
  return ORDER.map(name => {
    const step = steps.findLast(each => each.name === name)
    const failed = step && (step.errorKey || step.error)
    return {
      ...step,
      details: masked(step?.details),
      name,
      status: step?.status ?? null,
      error: failed ? { error: step.error, errorKey: step.errorKey, errorParams: step.errorParams } : null,
      chosenBecause: name === 'download' ? chosenBecause : null,
    }
  })
}
