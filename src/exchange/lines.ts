// Work that is done one after the other for each person, in the order in which it was asked for. It keeps nothing of a
// line whose last work has ended.

/** The last work of each line that is under way. */
export type Lines = Map<string, Promise<unknown>>

/** Does the work once all that was asked for on its line before has ended, however it ended. */
export function inLine<T>(lines: Lines, line: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(line)
  const done = before ? before.then(work) : work()
  const ended = done
    .catch(() => {})
    .finally(() => {
      if (lines.get(line) === ended) lines.delete(line)
    })
  lines.set(line, ended)
  return done
}
