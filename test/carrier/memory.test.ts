// What the pretend carrier knows after a restart, and what lies in its file.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Address } from '../../src/coop/members/address.ts'
import { amina, aminaOnWhatsapp, coop, coopOnWhatsapp, setStage } from './stage.ts'

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'coopline-carrier-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'carrier')
}

/** A carrier with this memory, and what it says of a message to Amina on either channel. */
async function start(memory: string) {
  const { carrier, client, statusUrl } = await setStage({ memory })
  const send = async (from: Address, to: Address) =>
    (await client.send({ from, to, body: 'Hello', statusCallback: statusUrl })).kind
  return { carrier, bySms: () => send(coop, amina), byWhatsapp: () => send(coopOnWhatsapp, aminaOnWhatsapp) }
}

test('a window stays open and a block stays over a restart, until START', async () => {
  const memory = newFile()
  const { carrier } = await start(memory)
  await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, body: 'hi' })
  await carrier.say(amina, { to: coop, body: 'STOP' })
  const second = await start(memory)
  expect([await second.bySms(), await second.byWhatsapp()]).toEqual(['refused', 'accepted'])
  await second.carrier.say(amina, { to: coop, body: 'START' })
  const third = await start(memory)
  expect(await third.bySms()).toBe('accepted')
})

test('without a memory all of it ends with the process', async () => {
  const { carrier, client, statusUrl } = await setStage()
  await carrier.say(amina, { to: coop, body: 'STOP' })
  const other = await setStage()
  const sent = await other.client.send({ from: coop, to: amina, body: 'Hello', statusCallback: statusUrl })
  expect(sent.kind).toBe('accepted')
  expect(await client.send({ from: coop, to: amina, body: 'Hello', statusCallback: statusUrl })).toMatchObject({
    kind: 'refused',
  })
})

test('no number lies in the file, a torn line does no harm, and a restart makes it short', async () => {
  const memory = newFile()
  const { carrier } = await start(memory)
  for (const body of ['one', 'two', 'three']) await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, body })
  expect(readFileSync(memory, 'utf8')).not.toContain('4477')
  expect(statSync(memory).mode & 0o777).toBe(0o600)
  appendFileSync(memory, '0123456789abcdef')
  const again = await start(memory)
  expect(await again.byWhatsapp()).toBe('accepted')
  expect(readFileSync(memory, 'utf8')).toMatch(/^[0-9a-f]{64} \d+\n$/)
})
