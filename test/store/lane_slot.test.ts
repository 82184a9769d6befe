// A place for one lane: whatever a connection that is gone still says, the one that is open stays.
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { laneSlot } from '../../src/store/lane_slot.ts'
import { statement } from '../../src/store/statement.ts'
import { testDatabase } from '../stage/servers.ts'

const pid = statement<{ pid: number }>('pid', 'select pg_backend_pid() as pid')
const end = statement('end_backend', 'select pg_terminate_backend($1::int)')

test('a lane whose connection was ended is opened again, said once each time, and nothing is left open', async () => {
  const database = await testDatabase()
  onTestFinished(() => database.drop())
  const said: string[] = []
  const log = pino({ base: null }, { write: (line: string) => void said.push(JSON.parse(line).event) })
  const [slot, other] = [laneSlot(database.url, log), laneSlot(database.url, log)]
  onTestFinished(async () => {
    await Promise.all([slot.close(), other.close()])
  })
  const killer = await other.open()
  const pids = new Set<number>()
  for (let times = 1; times <= 3; times++) {
    const lane = await slot.open()
    const [backend] = await lane.ask(pid)
    pids.add(backend?.pid ?? 0)
    const sleeps = lane.ask(statement('sleeps', 'select pg_sleep(30)'))
    await Promise.all([killer.ask(end, [backend?.pid]), expect(sleeps).rejects.toThrow(/terminat/)])
    await slot.recover(new Error('its backend was ended'))
    const next = await slot.open()
    expect(next).not.toBe(lane)
    expect(await next.ask(pid)).toHaveLength(1)
    expect(await slot.open()).toBe(next)
    expect(said).toEqual(Array(times).fill('lane_lost'))
  }
  expect(pids.size).toBe(3)
  const open = statement<{ pid: number }>(
    'open',
    'select pid from pg_stat_activity where datname = current_database()',
  )
  await expect.poll(async () => (await killer.ask(open)).length).toBe(2)
})
