// coopline migrate: brings the tables of the database up to date.
import { Command } from 'commander'
import { migrate } from '../store/migrate.ts'
import { atPlace } from './place.ts'

export const migrateCommand = (): Command =>
  new Command('migrate').description("bring the database's tables up to date").action(() =>
    atPlace(async ({ databaseUrl }) => {
      const { applied } = await migrate(databaseUrl)
      console.log(applied.length === 0 ? 'Nothing was missing.' : `Applied: ${applied.join(', ')}.`)
    }),
  )
