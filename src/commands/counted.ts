// How many there are of something, as a person would write it.

/** "1 address", "2 addresses". */
export const counted = (count: number, one: string, several: string): string =>
  `${count} ${count === 1 ? one : several}`
