// What an operator need not read again at every attempt.

/** Says it, but leaves unsaid what comes within a minute of the last. */
export function onceAMinute<T>(say: (what: T) => void): (what: T) => void {
  let last = Number.NEGATIVE_INFINITY
  return (what) => {
    if (performance.now() - last < 60_000) return
    last = performance.now()
    say(what)
  }
}
