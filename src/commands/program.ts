// All commands of the command line, by name. Only the one that is asked for is loaded: all of them take half a second.
import { Command } from 'commander'
import { sayError } from './running.ts'

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start/start.ts')).startCommand(),
  web: async () => (await import('./web.ts')).webCommand(),
  worker: async () => (await import('./worker.ts')).workerCommand(),
  phone: async () => (await import('./phone.ts')).phoneCommand(),
  charter: async () => (await import('./charter.ts')).charterCommand(),
  member: async () => (await import('./member.ts')).memberCommand(),
  vote: async () => (await import('./vote.ts')).voteCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  keys: async () => (await import('./keys.ts')).keysCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  doctor: async () => (await import('./doctor/doctor.ts')).doctorCommand(),
}

/** Runs the command of these words to its end, and says what went wrong; whether nothing did. */
export async function run(words: readonly string[]): Promise<boolean> {
  try {
    await (await programFor(words)).parseAsync(words, { from: 'user' })
    return true
  } catch (error) {
    console.error(sayError(error))
    return false
  }
}

/** The program with the command that these words begin with; with every one where they begin with none. */
async function programFor([name = '']: readonly string[]): Promise<Command> {
  const program = new Command('coopline')
    .description('The phone line of a data co-operative.')
    .showHelpAfterError('(--help shows how)')
  const asked = Object.hasOwn(commands, name) ? commands[name] : undefined
  for (const load of asked ? [asked] : Object.values(commands))
    program.addCommand((await load()).copyInheritedSettings(program))
  return program
}
