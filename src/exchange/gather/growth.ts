// How large the next batch is let grow. Much of what a batch costs is paid once, however many messages it holds: so
// the next one grows while one runs, and where many talk at once it waits a moment for those who were just answered.

// Where few talk nobody waits.
const many = 8

/** A batch of so many is worth its price: it begins beside one that runs, since while one waits the other can work. */
export const enough = 28

/** How long a batch may wait to grow, in milliseconds: nothing beside a carrier's fifteen seconds. */
export const longestGrowthMs = 8

/** With how many messages the next batch begins at once, after one that `handled` so many while so many wait. */
export const sizeToGrowTo = (handled: number, waiting: number, most: number): number =>
  handled < many ? 0 : Math.min(most, handled + waiting)
