// coopline keys: makes the key directory, adds a key, and holds the keys against the database. It prints no key.
import { Command } from 'commander'
import { readSettings } from '../config.ts'
import { findInstance } from '../store/instance.ts'
import { makeKeys, rotateKeys } from '../store/keys.ts'
import { atPlace, keysFolder } from './place.ts'

export function keysCommand(): Command {
  const command = new Command('keys').description('the keys that seal addresses and messages')
  command
    .command('make')
    .description('make a key directory, once')
    .action(() => {
      makeKeys(folder())
      console.log(
        `Keys made in ${folder()}. Back them up apart from the database: without them addresses are lost.`,
      )
    })
  command
    .command('rotate')
    .description('add a key that seals from now on; the old ones still open what they sealed')
    .action(() => {
      const { newest } = rotateKeys(folder())
      console.log(`seal-${newest}.key was made in ${folder()}. Give it to every process and start each again.`)
    })
  command
    .command('check')
    .description('hold the keys against the database that they sealed')
    .action(() =>
      atPlace(async ({ keys }) => {
        const { newest } = await keys()
        console.log(`The keys are those of this database; seal-${newest}.key seals.`)
      }),
    )
  return command
}

function folder(): string {
  const settings = readSettings('command')
  return keysFolder(settings, findInstance(settings.data))
}
