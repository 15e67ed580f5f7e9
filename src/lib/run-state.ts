export type Tone = 'quiet' | 'active' | 'passed' | 'failed' | 'unknown' | 'warn'

const STATES: Record<string, { tone: Tone; icon: string }> = {
  PENDING: { tone: 'quiet', icon: 'clock' },
  DOWNLOADING: { tone: 'active', icon: 'download' },
  DOWNLOADED: { tone: 'active', icon: 'box' },
  TESTING: { tone: 'active', icon: 'flask' },
  MONITORING: { tone: 'active', icon: 'pulse' },
  passed: { tone: 'passed', icon: 'check-circle' },
  failed: { tone: 'failed', icon: 'x-circle' },
  unknown: { tone: 'unknown', icon: 'question' },
  DEPLOY_COMPLETE: { tone: 'quiet', icon: 'rocket' },
  FAILED: { tone: 'warn', icon: 'alert' },
  CANCELLED: { tone: 'quiet', icon: 'ban' },
}

export function stateOf(run: { status: string; outcome: string | null }) {
  const word = run.status === 'COMPLETED' ? (run.outcome ?? 'unknown') : run.status
  return { word, tone: 'quiet' as Tone, icon: 'question', ...STATES[word] }
}
