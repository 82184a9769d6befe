// What a test starts as a process of its own runs from compiled code, as each of ours does from the second line of
// `main.ts`: from the first, since reading that one by itself takes a tenth of a second.
import path from 'node:path'

/** The environment of such a process names the folder that `main.ts` keeps compiled code in. */
export const compiled = {
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../../node_modules/.cache/coopline'),
}
