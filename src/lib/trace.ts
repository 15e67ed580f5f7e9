/** The trace id in the log: shared by a build, its runs and their mails. A run whose build was deleted has its own. */
export function traceOf(of: { buildId: number | null; runId?: number | null }): string {
  return of.buildId === null ? `run-${of.runId ?? 0}` : `build-${of.buildId}`
}
