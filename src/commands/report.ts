// coopline report: exports the reports of a form for one purpose, as CSV, to the terminal or a file.
import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { exportReports } from '../coop/reports/queries.ts'
import { now } from '../store/clock.ts'
import { atPlace, coopOf } from './place.ts'

interface Options {
  readonly coop?: string
  readonly purpose?: string
  readonly out?: string
}

export function reportCommand(): Command {
  const command = new Command('report').description("members' reports")
  command
    .command('export')
    .description('a form as CSV: reports in the pool whose consent is in force, under words drawn for this export')
    .argument('<form>')
    .option('--coop <id>', 'the co-op, where there are several')
    .option('--purpose <id>', "the use it is for; the form's own where it is left out")
    .option('--out <file>', 'a file for the owner only, instead of the terminal')
    .action((form: string, { coop, purpose, out }: Options) =>
      atPlace(async ({ db }) => {
        const charter = await coopOf(db, coop)
        const sheet = await exportReports(db, charter, { form, ...(purpose && { purpose }) }, await now(db))
        if (out) writeFileSync(out, sheet, { mode: 0o600 })
        else process.stdout.write(sheet)
      }),
    )
  return command
}
