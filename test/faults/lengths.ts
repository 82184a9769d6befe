// How long and how much each fault test does: short in `npm test`, the lengths of the fault model in `npm run
// soak`.
const soak = process.env.COOPLINE_SOAK === '1'

/** The first in `npm test`, the second in `npm run soak`. */
export const length = (short: number, long: number): number => (soak ? long : short)

/** The limit of one test, in milliseconds. */
export const limit = (seconds: number): { timeout: number } => ({ timeout: length(seconds, 900) * 1000 })

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until it holds; `what` says what did not come about. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, forMs = 15_000): Promise<void> {
  const end = performance.now() + forMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within ${forMs} ms: ${what}`)
    await sleep(20)
  }
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
