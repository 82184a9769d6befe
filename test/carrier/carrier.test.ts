// The pretend carrier towards the co-op: signed webhooks, STOP and START, the window, callbacks, and each fault.

import { describe, expect, it } from 'vitest'
import type { FaultOrder } from '../../src/carrier/carrier.ts'
import type { Address } from '../../src/coop/members/address.ts'
import { readInbound } from '../../src/twilio/inbound.ts'
import { emptyTwiml, messageTwiml } from '../../src/twilio/twiml.ts'
import { accountSid, amina, aminaOnWhatsapp, coop, coopOnWhatsapp, setStage, statusesOf } from './stage.ts'

const texts = (received: readonly { body: string }[]) => received.map(({ body }) => body)

describe('a text', () => {
  it('reaches the co-op signed and whole, and its answer the phone', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: messageTwiml('Counted: <For> & "more"\nçok') }))
    const heard = await carrier.say(amina, { to: coop, body: '1 & é' })
    expect(heard).toMatchObject({ attempts: 1, status: 200, answers: ['Counted: <For> & "more"\nçok'] })
    expect(server.calls).toMatchObject([{ path: '/twilio/inbound', signed: true }])
    const read = readInbound(server.calls[0]?.form ?? {}, accountSid)
    expect(read).toMatchObject({ id: heard.sid, from: amina, to: coop, body: '1 & é' })
    expect(carrier.received(amina)).toMatchObject([{ n: 1, from: coop, body: heard.answers[0], kind: 'message' }])
  })

  it('tells the action of an answer what became of it, a relative one too', async () => {
    const { carrier, server } = await setStage()
    server.answer(({ path }) => (path === '/twilio/inbound' ? { body: messageTwiml('Hi', 'status?i=1') } : {}))
    await carrier.say(amina, { to: coop, body: 'hi' })
    await carrier.settled()
    expect(server.calls.slice(1)).toMatchObject([
      { path: '/twilio/status?i=1', signed: true, form: { MessageStatus: 'sent', AccountSid: accountSid } },
      { path: '/twilio/status?i=1', signed: true, form: { MessageStatus: 'delivered' } },
    ])
    expect(carrier.messages.list({ to: '+447700900301' })).toMatchObject([
      { direction: 'outbound-reply', status: 'delivered', body: 'Hi' },
    ])
  })

  it('carries what only WhatsApp has', async () => {
    const { carrier, server } = await setStage()
    const button = { payload: 'vote:1', text: 'For' }
    const inReplyTo = `SM${'a'.repeat(32)}`
    await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, button, inReplyTo, userId: 'US.1349' })
    await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, item: { id: 'item:2', title: 'Two' } })
    await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, location: { latitude: 1, longitude: 2 } })
    await carrier.say('whatsapp:US.1349', { to: coopOnWhatsapp, media: 1, body: 'look' })
    const read = server.calls.map(({ form }) => readInbound(form, accountSid))
    expect(read).toMatchObject([
      { choice: 'vote:1', body: 'For', inReplyTo, alias: 'whatsapp:US.1349', from: aminaOnWhatsapp },
      { choice: 'item:2', body: 'Two', attached: false },
      { attached: true, body: '' },
      { attached: true, body: 'look', from: 'whatsapp:US.1349', id: expect.stringMatching(/^MM/) },
    ])
    expect(server.calls.every(({ signed }) => signed)).toBe(true)
  })

  it('goes only to a sender of the account', async () => {
    const { carrier } = await setStage()
    await expect(carrier.say(amina, { to: 'sms:+447700900999' })).rejects.toThrow('no sender of this account')
  })

  it('reaches a sender that the account got while it runs', async () => {
    const senders: { address: Address }[] = [{ address: coop }]
    const { carrier, server, client, statusUrl } = await setStage({ senders: () => senders })
    const late = 'sms:+447700900400'
    await expect(carrier.say(amina, { to: late })).rejects.toThrow('no sender of this account')
    senders.push({ address: late })
    expect(await carrier.say(amina, { to: late, body: 'hi' })).toMatchObject({ status: 200 })
    expect(server.calls).toMatchObject([{ form: { To: '+447700900400' } }])
    const sent = await client.send({ from: late, to: amina, body: 'Hello', statusCallback: statusUrl })
    expect(sent).toMatchObject({ kind: 'accepted' })
  })
})

describe('the webhook', () => {
  it('falls back, with the same message, after an error and after silence', async () => {
    const { carrier, server } = await setStage({ webhookTimeoutMs: 100 })
    for (const reply of [{ status: 503 }, { afterMs: 300 }]) {
      server.calls.length = 0
      server.answer(() => (server.calls.length === 1 ? reply : { body: messageTwiml('Hi') }))
      const heard = await carrier.say(amina, { to: coop, body: 'hi' })
      expect(heard).toMatchObject({ attempts: 2, status: 200, answers: ['Hi'] })
      expect(server.calls[1]?.form).toEqual(server.calls[0]?.form)
      expect(server.calls[1]?.token).toBe(server.calls[0]?.token)
    }
  })

  it('is lost after two failures, and the carrier notes it', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ status: 500 }))
    expect(await carrier.say(amina, { to: coop, body: 'hi' })).toMatchObject({
      attempts: 2,
      status: 500,
      answers: [],
    })
    expect(carrier.warnings).toEqual(['11200 the webhook and its fallback failed'])
    expect(carrier.received(amina)).toEqual([])
  })

  it('is tried again where nobody listens', async () => {
    const { carrier } = await setStage({ reach: 'http://127.0.0.1:1' })
    const heard = await carrier.say(amina, { to: coop, body: 'hi' })
    expect(heard).toMatchObject({ attempts: 3, answers: [] })
    expect(heard.status).toBeUndefined()
  })

  it('notes an answer that is too long, and does not deliver it', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: messageTwiml('x'.repeat(1601)) }))
    await carrier.say(amina, { to: coop, body: 'hi' })
    expect(carrier.warnings).toEqual(['21617 an answer of more than 1600 characters'])
    expect(carrier.received(amina)).toEqual([])
  })

  it('notes an answer that is not TwiML', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: '<html>Oops</html>' }))
    await carrier.say(amina, { to: coop, body: 'hi' })
    expect(carrier.warnings).toEqual(['12100 the answer to a webhook is not TwiML'])
  })

  it('is repeated byte for byte, without a second delivery', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: messageTwiml('Hi') }))
    const first = await carrier.say(amina, { to: coop, body: 'hi' })
    expect(await carrier.repeat(amina)).toEqual(first)
    expect(server.calls[1]?.form).toEqual(server.calls[0]?.form)
    expect(carrier.received(amina)).toHaveLength(1)
    await expect(carrier.repeat(aminaOnWhatsapp)).rejects.toThrow('nothing yet')
  })

  it('comes twice at once, late, cut off, or with its answer lost, on demand', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: messageTwiml('Hi'), afterMs: 80 }))
    carrier.faults.order({ fault: 'repeat_webhook', to: amina })
    await carrier.say(amina, { to: coop, body: 'twice' })
    expect(server.calls.map(({ form }) => form.MessageSid)).toHaveLength(2)
    carrier.faults.order({ fault: 'hold_webhook' })
    const late = carrier.say(amina, { to: coop, body: 'late' })
    await carrier.say(amina, { to: coop, body: 'early' })
    await late
    carrier.faults.order({ fault: 'cut_webhook' })
    expect(await carrier.say(amina, { to: coop, body: 'cut' })).toMatchObject({ attempts: 2, answers: ['Hi'] })
    carrier.faults.order({ fault: 'lose_answer' })
    await carrier.say(amina, { to: coop, body: 'lost' })
    const bodies = server.calls.map(({ form }) => form.Body)
    expect(bodies).toEqual(['twice', 'twice', 'early', 'late', 'cut', 'cut', 'lost'])
    expect(carrier.received(amina)).toHaveLength(4)
    expect(carrier.faults.pending()).toEqual([])
  })
})

describe('carrier words', () => {
  it('STOP blocks the pair on SMS until START', async () => {
    const { carrier, server, client, statusUrl } = await setStage()
    server.answer(() => ({ body: messageTwiml('From us') }))
    const send = () => client.send({ from: coop, to: amina, body: 'Hello', statusCallback: statusUrl })
    await carrier.say(amina, { to: coop, body: ' Stop ' })
    expect(server.calls).toHaveLength(1)
    expect(server.calls[0]?.form).not.toHaveProperty('OptOutType')
    expect(texts(carrier.received(amina))).toEqual([expect.stringContaining('unsubscribed')])
    expect(await send()).toEqual({ kind: 'refused', code: 21610, failure: 'opted_out' })
    await carrier.say(amina, { to: coop, body: 'hello?' })
    expect(carrier.received(amina)).toHaveLength(1)
    expect(carrier.warnings.at(-1)).toContain('21610')
    await carrier.say(amina, { to: coop, body: 'START' })
    const last = carrier.received(amina, 1)
    expect(last).toMatchObject([{ kind: 'carrier' }, { kind: 'message', body: 'From us' }])
    expect(await send()).toMatchObject({ kind: 'accepted' })
  })

  it('HELP is answered by both, YES by us alone, and a sentence is no word', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: messageTwiml('From us') }))
    for (const [body, kinds] of [
      ['help', ['carrier', 'message']],
      ['YES', ['message']],
      ['please stop texting me', ['message']],
    ] as const) {
      const before = carrier.received(amina).length
      await carrier.say(amina, { to: coop, body })
      expect(carrier.received(amina, before).map(({ kind }) => kind)).toEqual(kinds)
    }
  })

  it('are ours on WhatsApp and on a sender that answers none', async () => {
    const { carrier, server } = await setStage({
      senders: () => [{ address: coopOnWhatsapp }, { address: 'sms:60602', answersWords: false }],
    })
    server.answer(() => ({ body: messageTwiml('Stopped') }))
    await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, body: 'STOP' })
    await carrier.say(amina, { to: 'sms:60602', body: 'STOP' })
    expect(texts(carrier.received(aminaOnWhatsapp))).toEqual(['Stopped'])
    expect(texts(carrier.received(amina))).toEqual(['Stopped'])
  })

  it('are named in the webhook where Advanced Opt-Out is on', async () => {
    const { carrier, server } = await setStage({ senders: () => [{ address: coop, advancedOptOut: true }] })
    await carrier.say(amina, { to: coop, body: 'stop' })
    expect(readInbound(server.calls[0]?.form ?? {}, accountSid)).toMatchObject({ carrierWord: 'stop' })
  })
})

describe('an outbound message', () => {
  it('fails later outside the 24 hours of WhatsApp', async () => {
    let now = new Date('2026-11-24T08:00:00Z')
    const { carrier, server, client, statusUrl } = await setStage({ now: () => now })
    const message = { from: coopOnWhatsapp, to: aminaOnWhatsapp, body: 'Hello', statusCallback: statusUrl } as const
    expect(await client.send(message)).toMatchObject({ kind: 'accepted' })
    await carrier.settled()
    expect(server.calls).toMatchObject([{ form: { MessageStatus: 'failed', ErrorCode: '63016' } }])
    await carrier.say(aminaOnWhatsapp, { to: coopOnWhatsapp, body: 'hi' })
    now = new Date('2026-11-25T07:59:59Z')
    await client.send(message)
    now = new Date('2026-11-25T08:00:00Z')
    await client.send(message)
    await carrier.settled()
    expect(texts(carrier.received(aminaOnWhatsapp))).toEqual(['Hello'])
    expect(carrier.messages.list({ to: aminaOnWhatsapp }).map(({ errorCode }) => errorCode)).toEqual([
      63016,
      undefined,
      63016,
    ])
  })

  const outcomes: readonly [FaultOrder[], string[]][] = [
    [[{ fault: 'fail_later', code: 30003 }], ['failed']],
    [[{ fault: 'stay_sent' }], ['sent']],
    [[{ fault: 'lose_callback' }], ['delivered']],
    [[{ fault: 'delay_callback', seconds: 0.1 }], ['delivered', 'sent']],
    [[{ fault: 'reorder_callbacks' }], ['delivered', 'sent']],
    [[{ fault: 'lose_callback', to: 'sms:+447700900302' }], ['sent', 'delivered']],
  ]

  it.each(outcomes)('meets %o', async (faults, statuses) => {
    const { carrier, server, client, statusUrl } = await setStage()
    for (const fault of faults) carrier.faults.order(fault)
    await client.send({ from: coop, to: amina, body: 'Hello', statusCallback: statusUrl })
    await carrier.settled()
    expect(statusesOf(server)).toEqual(statuses)
    const [kept] = carrier.messages.list({})
    expect(kept?.status).toBe(statuses.includes('delivered') ? 'delivered' : statuses.at(-1))
  })

  it('repeats a callback, whichever comes between', async () => {
    const { carrier, server, client, statusUrl } = await setStage()
    carrier.faults.order({ fault: 'repeat_callback' })
    await client.send({ from: coop, to: amina, body: 'Hello', statusCallback: statusUrl })
    await carrier.settled()
    expect(statusesOf(server).toSorted()).toEqual(['delivered', 'sent', 'sent'])
  })

  it('says nothing where the answer says nothing', async () => {
    const { carrier, server } = await setStage()
    server.answer(() => ({ body: emptyTwiml }))
    await carrier.say(amina, { to: coop, body: 'hi' })
    expect(carrier.messages.list({})).toHaveLength(1)
    expect(carrier.warnings).toEqual([])
  })
})
