// All commands of the command line, by name.
import { Command } from 'commander'
import { charterCommand } from './charter.ts'
import { doctorCommand } from './doctor.ts'
import { keysCommand } from './keys.ts'
import { memberCommand } from './member.ts'
import { migrateCommand } from './migrate.ts'
import { phoneCommand } from './phone.ts'
import { reportCommand } from './report.ts'
import { startCommand } from './start.ts'
import { voteCommand } from './vote.ts'
import { webCommand } from './web.ts'
import { workerCommand } from './worker.ts'

/** The program with every command. */
export const program = new Command('coopline')
  .description('The phone line of a data co-operative.')
  .showHelpAfterError('(--help shows how)')
for (const command of [
  startCommand(),
  webCommand(),
  workerCommand(),
  phoneCommand(),
  charterCommand(),
  memberCommand(),
  voteCommand(),
  reportCommand(),
  keysCommand(),
  migrateCommand(),
  doctorCommand(),
]) {
  program.addCommand(command)
}
