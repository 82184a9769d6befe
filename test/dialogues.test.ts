// Every dialogue of test/dialogues on both stages: what is written in a file is what the bot says and what is established,
// in memory and through real webhooks, Postgres, Redis and a pretend carrier. `vitest -u` writes the files anew.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { coreStage } from './stage/core.ts'
import { beforehand, play } from './stage/play.ts'
import { wireStage } from './stage/wire.ts'

const folder = join(import.meta.dirname, 'dialogues')
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'))

describe.concurrent.each(names)('%s', (name) => {
  const file = join(folder, name)
  const source = readFileSync(file, 'utf8')
  let played: Promise<string> | undefined
  const core = () => {
    played ??= play(source, coreStage(beforehand))
    return played
  }

  test('in memory', async ({ expect }) => {
    await expect(await core()).toMatchFileSnapshot(file)
  })

  test('on the wire', async ({ expect }) => {
    const stage = await wireStage(beforehand, { redisStops: source.includes('\n-- redis is down') })
    try {
      expect(await play(source, stage)).toBe(await core())
    } finally {
      await stage.end()
    }
  })
})
