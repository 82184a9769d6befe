// The command line: knows every command, decides nothing.
import { Command } from 'commander'
import { charterCommand } from './commands/charter.ts'
import { doctorCommand } from './commands/doctor.ts'
import { keysCommand } from './commands/keys.ts'
import { memberCommand } from './commands/member.ts'
import { migrateCommand } from './commands/migrate.ts'
import { phoneCommand } from './commands/phone.ts'
import { reportCommand } from './commands/report.ts'
import { sayError } from './commands/running.ts'
import { startCommand } from './commands/start.ts'
import { voteCommand } from './commands/vote.ts'
import { webCommand } from './commands/web.ts'
import { workerCommand } from './commands/worker.ts'

const program = new Command('coopline')
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

try {
  await program.parseAsync()
} catch (error) {
  console.error(sayError(error))
  process.exit(1)
}
