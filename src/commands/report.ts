// coopline report: exports the reports of a form for one purpose, as CSV, to the terminal or a file.
import { createWriteStream, existsSync, openSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import type { Applied } from '../coop/charter/charter.ts'
import { loadCharters } from '../coop/charter/queries.ts'
import { exportReports } from '../coop/reports/queries.ts'
import { now } from '../store/clock.ts'
import type { Db } from '../store/database.ts'
import { atPlace, CommandError, coopOf } from './place.ts'

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
    .option('--coop <id>', 'the co-op, where several have such a form')
    .option('--purpose <id>', "the use it is for; the form's own where it is left out")
    .option('--out <file>', 'a file for the owner only, instead of the terminal')
    .action((form: string, { coop, purpose, out }: Options) =>
      atPlace(async ({ db }) => {
        const charter = await coopWith(db, form, coop)
        const sheet = await exportReports(db, charter, { form, ...(purpose && { purpose }) }, await now(db))
        if (out) await pipeline(sheet, createWriteStream(out, { fd: opened(out) }))
        else await pipeline(sheet, process.stdout, { end: false })
      }),
    )
  return command
}

function opened(file: string): number {
  try {
    return openSync(file, 'w', 0o600)
  } catch {
    const folder = path.dirname(path.resolve(file))
    throw new CommandError(
      existsSync(folder)
        ? `${file} cannot be written. Name another file with --out, in a folder that is yours.`
        : `There is no folder ${folder}. Make it, or name a file in another with --out.`,
    )
  }
}

/** The co-op that is named, or the only one that has such a form. */
async function coopWith(db: Db, form: string, named: string | undefined): Promise<Applied> {
  const charters = await loadCharters(db)
  if (named !== undefined || charters.length < 2) return coopOf(db, named)
  const [only, ...others] = charters.filter(({ forms }) => forms.some(({ id }) => id === form))
  if (only && others.length === 0) return only
  if (only) {
    const having = [only, ...others].map(({ id }) => id).join(' and ')
    throw new CommandError(`${having} have a form "${form}": name one with --coop.`)
  }
  const known = charters.flatMap(({ id, forms }) => forms.map((each) => `${each.id} of ${id}`))
  throw new CommandError(`No co-op has a form "${form}". Use one of: ${known.join(', ')}.`)
}
