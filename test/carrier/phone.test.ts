// The terminal phone, driven through its streams against a running pretend carrier.

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { runPhone } from '../../src/carrier/phone.ts'
import type { CarrierPlace } from '../../src/carrier/phone_line.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { messageTwiml } from '../../src/twilio/twiml.ts'
import { amina, aminaOnWhatsapp, controlToken, coop, type Stage, setStage } from './stage.ts'

async function typed(
  { carrier }: Stage,
  lines: string[],
  address = amina as typeof amina | typeof aminaOnWhatsapp,
  isTTY = { input: false, output: false },
) {
  const input = Object.assign(new PassThrough(), { isTTY: isTTY.input })
  const output = Object.assign(new PassThrough(), { isTTY: isTTY.output })
  const shown = text(output)
  input.end(`${lines.join('\n')}\n`)
  const find = () => ({ carrierUrl: carrier.url, controlToken })
  await runPhone({ find, address, countSegments, input, output })
  output.end()
  return shown
}

describe('the terminal phone', () => {
  it('sends what is typed and shows what arrives, with its cost', async () => {
    const stage = await setStage()
    stage.server.answer(({ form }) => ({ body: messageTwiml(form.Body === 'join' ? 'Karibu' : 'नमस्ते') }))
    const shown = await typed(stage, ['join', '1', '/repeat', '/fly', '/help'])
    expect(stage.server.calls.map(({ form }) => form.Body)).toEqual(['join', '1', '1'])
    expect(shown).toContain('+447700900100> Karibu\n    [1 SMS part, GSM-7, 6 characters]')
    expect(shown).toContain('[1 SMS part, UCS-2, 6 characters]')
    expect(shown).toContain('(repeated; the co-op answered:')
    expect(shown).toContain('(This phone has no /fly')
    expect(shown).toContain('/quit')
  })

  it('speaks WhatsApp, and says when the co-op is away', async () => {
    const stage = await setStage()
    stage.server.answer(({ form }) => (form.ButtonPayload === 'vote:1' ? { status: 503 } : {}))
    const lines = ['/press vote:1', '/photo', '/place', '/to', '/to +447700900100', '/quit', 'never sent']
    const shown = await typed(stage, lines, aminaOnWhatsapp)
    expect(stage.server.calls.map(({ form }) => form.MessageType)).toEqual([
      'button',
      'button',
      'image',
      'location',
    ])
    expect(shown).toContain('(The co-op answered HTTP 503; called 2 times)')
    expect(shown).toContain('(Now texting whatsapp:+447700900100)')
  })

  it('lists the numbers of several co-ops, and texts none of them unasked', async () => {
    const stage = await setStage({ senders: () => [{ address: coop }, { address: 'sms:+447700900200' }] })
    await expect(typed(stage, ['join'])).rejects.toThrow('--to +447700900100 or --to +447700900200')
    expect(stage.server.calls).toEqual([])
  })

  it.each([
    [false, false, false],
    [false, true, false],
    [true, false, false],
    [true, true, true],
  ])('typed on a terminal %s, shown on one %s: prompts %s', async (input, output, prompts) => {
    const stage = await setStage()
    const shown = await typed(stage, ['join', '1'], amina, { input, output })
    expect(stage.server.calls.map(({ form }) => form.Body)).toEqual(['join', '1'])
    expect(shown.includes('you> ')).toBe(prompts)
    expect(shown.includes('\x1b')).toBe(prompts)
  })

  it('goes on after a restart of Coopline, and says once that it is away and that it is back', async () => {
    const stages = [await setStage(), await setStage({ controlToken: 'another-token' })] as const
    const [first, second] = stages.map(({ carrier }) => carrier.url)
    for (const { server } of stages) server.answer(({ form }) => ({ body: messageTwiml(`heard ${form.Body}`) }))
    let running: CarrierPlace | undefined = { carrierUrl: first ?? '', controlToken }
    const [input, output] = [new PassThrough(), new PassThrough()]
    let shown = ''
    output.on('data', (text) => {
      shown += text
    })
    const phone = runPhone({ find: () => running, address: amina, countSegments, input, output })
    const type = async (line: string, expected: string) => {
      input.write(`${line}\n`)
      await expect.poll(() => shown).toContain(expected)
    }
    await type('one', 'heard one')
    running = undefined
    await stages[0].carrier.stop()
    await expect.poll(() => shown).toContain('(Coopline is away')
    await type('two', '(Not sent: Coopline is away)')
    running = { carrierUrl: second ?? '', controlToken: 'another-token' }
    await expect.poll(() => shown, { timeout: 3000 }).toContain('(Coopline is back)')
    await type('three', 'heard three')
    input.end()
    await phone
    expect(shown.match(/Coopline is away:/g)).toHaveLength(1)
    expect(shown.match(/is back/g)).toHaveLength(1)
    expect(shown.match(/heard one/g)).toHaveLength(1)
    expect(stages[1].server.calls.map(({ form }) => form.Body)).toEqual(['three'])
  })

  it('says what to do where no carrier runs', async () => {
    const stage = await setStage()
    await stage.carrier.stop()
    await expect(typed(stage, ['hi'])).rejects.toThrow('start Coopline first')
  })
})
