import * as z from 'zod'
import { filter } from '../http/input.ts'
import { line, moment } from '../lib/fields.ts'

export const auditFilter = z.object({
  actor: filter(line(300)),
  action: filter(line(100)),
  subject: filter(line(300)),
  since: filter(moment('start')),
  until: filter(moment('end')),
})
