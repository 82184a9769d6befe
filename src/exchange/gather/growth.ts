// How large the next batch is let grow. Much of what a batch costs is paid once, however many messages it holds: so
// the next one grows while one runs, and where many talk at once it waits a moment for those who were just answered.

// Where few talk nobody waits. With 8 for many, a quarter more time passed until an answer at 400 messages a second.
const many = 16

// A batch of so many is worth its price beside one that runs: while Postgres works for the one, the other is stepped.
const enough = 60

/** Whether the next batch begins: of so many who wait, beside so many that run, where it is let grow to this size. */
export const begins = (waiting: number, running: number, growTo: number): boolean =>
  waiting > 0 && waiting >= (running > 0 ? enough : growTo)

/** How long a batch may wait to grow, in milliseconds: nothing beside a carrier's fifteen seconds. */
export const longestGrowthMs = 8

/** With how many messages the next batch begins at once, after one that `handled` so many while so many wait. */
export const sizeToGrowTo = (handled: number, waiting: number, most: number): number =>
  handled < many ? 0 : Math.min(most, handled + waiting)
