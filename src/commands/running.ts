// How a process that runs on is ended, by a signal in order, by a second one at once; and what it says of itself in the
// log when it begins and when it has ended.
import program from '../../package.json' with { type: 'json' }
import { type Log, mask } from '../log.ts'

/** What a process is in the log: which command started it, of which version, as which process. */
export interface Self {
  readonly role: 'start' | 'web' | 'worker'
  readonly version: string
  readonly pid: number
}

/** This process under the command that started it. */
export const selfAs = (role: Self['role']): Self => ({ role, version: program.version, pid: process.pid })

// One Ctrl-C may come twice: from the terminal, and once more from npm, which hands on what it hears.
const sameAskingMs = 500

/** Runs until Ctrl-C or a signal asks it to stop; `force` is what a second one does before the process ends. */
export function untilAsked(self: Self, stop: () => Promise<void>, log: Log, force: () => void = () => {}): void {
  let asked: number | undefined
  const hear = (signal: NodeJS.Signals) => {
    if (asked !== undefined) {
      if (performance.now() - asked < sameAskingMs) return
      force()
      process.exit(130)
    }
    asked = performance.now()
    log.info({ event: 'stopping', signal })
    stop().then(
      () => {
        log.info({ event: 'stopped', ...self })
        process.exit(0)
      },
      (error: unknown) => {
        log.error({ event: 'stop_failed', error })
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear)
}

// No such database, no such role, a wrong password.
const refusedByPostgres = new Set(['3D000', '28000', '28P01'])

/** What went wrong, in one line or a few, for whoever sits at the terminal. */
export function sayError(error: unknown): string {
  if (error instanceof AggregateError) return sayError(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    const port = 'port' in error ? `port ${error.port}` : 'port'
    return `The ${port} is taken by another program. Stop that one, or set PORT to a free one.`
  }
  if (isAway(error)) {
    return `A server does not answer (${error.message}). "npm run coopline -- doctor" says which and what to do.`
  }
  if (code === '55P03')
    return 'A member or vote that this changes is being changed by somebody else just now. Run it again in a minute.'
  if (typeof code === 'string' && refusedByPostgres.has(code))
    return `Postgres lets nobody in (${mask(error.message)}): mend DATABASE_URL.`
  if (code === '42P01') return 'The database lacks tables. Run "npm run coopline -- migrate".'
  // Our own errors name nobody; what Postgres says of a row may.
  return 'severity' in error ? mask(error.message) : error.message
}

/** Whether nobody answers where a server should. */
export function isAway(error: unknown): boolean {
  if (error instanceof AggregateError) return isAway(error.errors[0])
  if (!(error instanceof Error)) return false
  const isNoSocket = 'syscall' in error && error.syscall === 'connect'
  // The client of Postgres gives up waiting in words of its own.
  const isSilent = /^(?:Connection terminated|timeout e)/.test(error.message)
  return (
    isNoSocket || isSilent || ('code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND'))
  )
}
