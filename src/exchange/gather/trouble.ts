// What an error of a batch means: run it again as it is, or find out which of its messages is to blame.
import { NotCommitted } from '../../store/lane.ts'

// Deadlock, serialization, lock and statement time-outs, and a server that is going down or coming up: nothing of the
// batch was kept, or, where the commit's answer was lost, the messages are known and answered as repeats.
const again = /^(40001|40P01|55P03|57014|25P03|57P0[1-5]|08\d{3}|53\d{3})$/
const lost = /terminat|closed|ended|ECONN|EPIPE|ENOENT|timeout|not queryable/i

/** Whether the same messages may simply be run again. */
export function runsAgain(error: unknown): boolean {
  if (error instanceof NotCommitted) return true
  if (!(error instanceof Error)) return false
  const code: unknown = Reflect.get(error, 'code')
  // Only Postgres' own errors have a severity: EPIPE has five capitals, as its codes have.
  return Reflect.has(error, 'severity') ? again.test(String(code)) : lost.test(`${String(code)} ${error.message}`)
}
