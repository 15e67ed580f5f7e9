const MIB = 1024 * 1024
const MOST_GROWTH = 64 * MIB

export interface Memory {
  sample(url: string): Promise<void>
  /** Says so where the heap of the server, or ours with its readers, grew steadily. */
  growth(): string | null
  summary(): string
}

/** Samples both heaps; the lowest of the second and of the last third are compared, so that garbage does not count. */
export function createMemory(): Memory {
  const heaps = { server: [] as number[], readers: [] as number[] }

  const grownBy = (heap: number[]) => {
    const third = Math.floor(heap.length / 3)
    return third ? Math.min(...heap.slice(-third)) - Math.min(...heap.slice(third, 2 * third)) : 0
  }
  return {
    async sample(url) {
      const text = await (await fetch(`${url}/metrics`)).text()
      heaps.server.push(Number(/^nodejs_heap_size_used_bytes(?:{.*?})? (\S+)$/m.exec(text)?.[1]))
      heaps.readers.push(process.memoryUsage().heapUsed)
    },
    growth() {
      const grown = Object.entries(heaps).filter(([, heap]) => !(grownBy(heap) < MOST_GROWTH))
      return grown.length ? `the heap grows: ${grown.map(([name]) => name).join(', ')}` : null
    },
    summary: () =>
      Object.entries(heaps)
        .map(([name, heap]) => {
          const [least, most] = [Math.min(...heap), Math.max(...heap)].map(bytes => Math.round(bytes / MIB))
          return `heap of ${name}: ${least} to ${most} MiB, grown by ${Math.round(grownBy(heap) / MIB)} MiB`
        })
        .join('\n'),
  }
}
