export interface BatchOptions<In, Out> {
  maxSize: number
  concurrency: number
  /** Returns the results in the order of the items. A batch that throws is tried again item by item. */
  write(items: In[]): Promise<Out[]>
  /** Errors that every item would meet alone, too. */
  isCommon(error: unknown): boolean
}

interface Waiting<In, Out> {
  item: In
  resolve(result: Out): void
  reject(error: unknown): void
}

/**
 * Group commit: an item that comes while nothing is under way is written at once; those that come meanwhile are
 * written together. Each caller gets the result of its own item.
 */
export function createBatcher<In, Out>(options: BatchOptions<In, Out>): (item: In) => Promise<Out> {
  const queue: Waiting<In, Out>[] = []
  let active = 0

  function startBatches(): void {
    while (active < options.concurrency && queue.length > 0) {
      active += 1
      void writeBatch(options, queue.splice(0, options.maxSize)).finally(() => {
        active -= 1
        startBatches()
      })
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      startBatches()
    })
}

async function writeBatch<In, Out>(options: BatchOptions<In, Out>, batch: Waiting<In, Out>[]): Promise<void> {
  try {
    const results = await options.write(batch.map(({ item }) => item))
    batch.forEach(({ resolve }, place) => {
      resolve(results[place] as Out)
    })
  } catch (error) {
    if (batch.length === 1 || options.isCommon(error)) for (const { reject } of batch) reject(error)
    else for (const single of batch) await writeBatch(options, [single])
  }
}
