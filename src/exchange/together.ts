// What is asked in one turn of the event loop is answered together.

/** Asks `askAll` once for all keys of one turn; each asker gets the value at the place of its key, or the one error. */
export function together<Key, Value>(
  askAll: (keys: readonly Key[]) => readonly Value[] | Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let waiting: { readonly keys: Key[]; readonly values: Promise<readonly Value[]> } | undefined
  const begin = () => {
    const keys: Key[] = []
    const values = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      waiting = undefined
      return askAll(keys)
    })
    return { keys, values }
  }
  return async (key) => {
    waiting ??= begin()
    const { keys, values } = waiting
    const at = keys.push(key) - 1
    return (await values)[at] as Value
  }
}
