// How large the next batch is let grow. Much of what a batch costs is paid once, however many messages it holds: so
// where many talk at once, the next one waits a moment for those whom the last has just answered.

// Where few talk nobody waits.
const many = 8

/** How long a batch may wait to grow, in milliseconds: nothing beside a carrier's fifteen seconds. */
export const longestGrowthMs = 8

/** With how many messages the next batch begins at once, after one that `handled` so many while so many wait. */
export const sizeToGrowTo = (handled: number, waiting: number, most: number): number =>
  handled < many ? 0 : Math.min(most, handled + waiting)
