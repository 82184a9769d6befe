// What the pretend carrier still has to do in a while; it can be waited for and it ends with the carrier.

export interface Errands {
  /** Runs a task after so many milliseconds. */
  after(ms: number, task: () => Promise<void>): void
  /** Resolves when nothing is left to do. */
  done(): Promise<void>
  stop(): void
}

/** Nothing to do at first. */
export function createErrands(): Errands {
  const timers = new Set<NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  return {
    after: (ms, task) => {
      const timer = setTimeout(() => {
        const run = task().finally(() => running.delete(run))
        running.add(run)
        timers.delete(timer)
      }, ms)
      timers.add(timer)
    },
    done: async () => {
      while (timers.size + running.size > 0) {
        await Promise.all(running)
        if (timers.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
