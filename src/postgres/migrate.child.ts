import { answerParent } from '../lib/child.ts'
import { applyMigrations } from './schema-engine.ts'

answerParent(applyMigrations)
