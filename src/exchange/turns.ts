// Turns of the event loop: waiting for some, and answering together what is asked in one.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Resolves after so many turns. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}

/** Asks `askAll` once for all keys of one turn; each asker gets the value at the place of its key, or the one error. */
export function together<Key, Value>(
  askAll: (keys: readonly Key[]) => readonly Value[] | Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let waiting: { readonly keys: Key[]; readonly values: Promise<readonly Value[]> } | undefined
  const begin = () => {
    const keys: Key[] = []
    const values = nextTurn().then(() => {
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
