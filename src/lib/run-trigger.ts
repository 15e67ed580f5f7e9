/** What triggers a run. */
export const RUN_TRIGGERS = ['person', 'token', 'build', 'schedule', 'retry', 'upload'] as const
