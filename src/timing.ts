// How long each thing waits or may take: a table of settings with their defaults. It reads no environment itself.

/** The waits and limits in milliseconds. Each is a setting: `unclearSearch` is COOPLINE_UNCLEAR_SEARCH_MS. */
const waits = {
  head: [10_000, 'the head of a request may take to arrive'],
  request: [15_000, 'a request may take to arrive whole'],
  redis: [150, 'a session is waited for in Redis; then the snapshot in Postgres serves'],
  bell: [150, 'a bell may take to ring; then a sweep finds what it would have announced'],
  step: [6_000, 'a message may take until it is put aside and answered later'],
  confirm: [300_000, 'a reply that states a fact waits for a sign that it arrived'],
  send: [10_000, 'one request to the carrier may take'],
  sending: [60_000, 'a send may be under way before it counts as unclear'],
  unclearSearch: [90_000, "until an unclear send is looked for in the carrier's list"],
  unclearAgain: [600_000, 'until it is looked for a second time'],
  sweep: [5_000, 'between two sweeps for what no bell announced; without Redis one second at most'],
  charters: [3_000, 'until a process sees a charter that was applied'],
  insights: [60_000, 'between two computations of the medians'],
  retention: [3_600_000, 'between two rounds that forget what is old'],
  letGo: [5_000, 'a web process that is asked to stop serves on, not ready, for load balancers to let go of it'],
  drain: [10_000, 'what is under way may take when the process is asked to stop'],
} as const satisfies Record<string, readonly [number, string]>

type Wait = keyof typeof waits
export type Timing = Readonly<Record<Wait, number>>

/** The name of the setting of a wait. */
const settingOf = (wait: string): string =>
  `COOPLINE_${wait.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}_MS`

/** Every wait with the name of its setting, its default, and what waits. */
export const waitSettings: readonly { name: string; ms: number; what: string }[] = Object.entries(waits).map(
  ([wait, [ms, what]]) => ({ name: settingOf(wait), ms, what }),
)

/** The waits as set, by default as in the table; `wrong` says which settings are no number. */
export function readTiming(set: Readonly<Record<string, string | undefined>>): { timing: Timing; wrong: string[] } {
  const read = Object.entries(waits).map(([wait, [ms]]) => [wait, Number(set[settingOf(wait)] ?? ms)] as const)
  const wrong = read.filter(([, ms]) => !Number.isInteger(ms) || ms < 1)
  return {
    timing: Object.fromEntries(read) as Timing,
    wrong: wrong.map(([wait]) => `${settingOf(wait)} is not right: write whole milliseconds`),
  }
}
