/** Runs the jobs of a lane one after the other, those of different lanes beside each other. */
export function createLanes() {
  const last = new Map<string, Promise<void>>()

  return (lane: string, job: () => Promise<void>): Promise<void> => {
    const ended = (last.get(lane) ?? Promise.resolve()).then(job)
    last.set(lane, ended)
    void ended.finally(() => {
      if (last.get(lane) === ended) last.delete(lane)
    })
    return ended
  }
}
