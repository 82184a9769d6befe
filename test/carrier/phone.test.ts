// The terminal phone, driven through its streams against a running pretend carrier.

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { runPhone } from '../../src/carrier/phone.ts'
import { countSegments } from '../../src/messaging/segments.ts'
import { messageTwiml } from '../../src/twilio/twiml.ts'
import { amina, aminaOnWhatsapp, controlToken, type Stage, setStage } from './stage.ts'

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
  await runPhone({ carrierUrl: carrier.url, controlToken, address, countSegments, input, output })
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

  it('says what to do where no carrier runs', async () => {
    const stage = await setStage()
    await stage.carrier.stop()
    await expect(typed(stage, ['hi'])).rejects.toThrow('start Coopline first')
  })
})
