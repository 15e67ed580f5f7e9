import { answerParent } from '../../lib/child.ts'
import { drawDoughnut } from './doughnut.ts'

answerParent(drawDoughnut)
