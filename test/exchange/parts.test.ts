// A process does not begin on a database that is not fit for it, and says what to do.
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { moveClock, now, standClock } from '../../src/store/clock.ts'
import { exchangeStage } from './stage.ts'

const realAccount = { TWILIO_API_BASE: '' }

async function stageWithoutProcess() {
  const stage = await exchangeStage()
  onTestFinished(() => stage.end())
  return stage
}

test('beside a real account a clock that was moved, or stands, is refused until it is set right as it says', async () => {
  const stage = await stageWithoutProcess()
  const ways = [() => moveClock(stage.db, 60), async () => standClock(stage.db, await now(stage.db))]
  for (const move of ways) {
    await move()
    await expect(stage.open(realAccount)).rejects.toThrow(/clock has been moved/)
    await stage.open()
    await sql`update clock set shift = '0', standing_at = null`.execute(stage.db)
    await stage.open(realAccount)
  }
})

test('a database that lacks a migration is refused', async () => {
  const stage = await stageWithoutProcess()
  const last = sql`(select max(name) from kysely_migration)`
  await sql`delete from kysely_migration where name = ${last}`.execute(stage.db)
  await expect(stage.open()).rejects.toThrow(/lacks migrations, from .*coopline -- migrate/)
})
