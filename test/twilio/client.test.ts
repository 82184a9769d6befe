// Sending through twilio-node to the pretend carrier, over real sockets: each fault gives the result that is certain.

import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCarrier } from '../../src/twilio/client.ts'
import { messageTwiml } from '../../src/twilio/twiml.ts'
import { accountSid, amina, apiKey, apiSecret, coop, setStage, statusesOf } from '../carrier/stage.ts'

const body = 'Vote fuel-data is open. 1 For 2 Against'

describe('send', () => {
  it('is accepted and told of to the callback', async () => {
    const { client, carrier, server, statusUrl } = await setStage()
    const sent = await client.send({
      from: coop,
      to: amina,
      body,
      statusCallback: statusUrl,
      validitySeconds: 3600,
    })
    expect(sent).toEqual({
      kind: 'accepted',
      providerId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
    })
    expect(carrier.received(amina)).toMatchObject([{ body, from: coop }])
    await carrier.settled()
    expect(statusesOf(server)).toEqual(['sent', 'delivered'])
    expect(server.calls.every(({ signed }) => signed)).toBe(true)
  })

  const send = { from: coop, to: amina, body, statusCallback: 'http://127.0.0.1:1/none' } as const

  it.each([
    [{ fault: 'too_many_requests' }, { kind: 'not_sent' }, 0],
    [{ fault: 'too_many_requests', seconds: 7 }, { kind: 'not_sent', retryAfterSeconds: 7 }, 0],
    [{ fault: 'server_error' }, { kind: 'unclear' }, 0],
    [{ fault: 'bad_gateway' }, { kind: 'unclear' }, 0],
    [{ fault: 'reset_before' }, { kind: 'unclear' }, 0],
    [{ fault: 'reset_after' }, { kind: 'unclear' }, 1],
    [{ fault: 'hang_before' }, { kind: 'unclear' }, 0],
    [{ fault: 'hang_after' }, { kind: 'unclear' }, 1],
    [{ fault: 'garbled_answer' }, { kind: 'unclear' }, 1],
    [{ fault: 'refuse', code: 21211 }, { kind: 'refused', code: 21211, failure: 'address_unreachable' }, 0],
    [{ fault: 'refuse', code: 63015 }, { kind: 'refused', code: 63015, failure: 'account_settings' }, 0],
  ] as const)('meets %o', async (fault, result, listed) => {
    const { client, carrier } = await setStage({ timeoutMs: 300 })
    carrier.faults.order(fault)
    expect(await client.send(send)).toEqual(result)
    expect(carrier.messages.list({})).toHaveLength(listed)
    expect(await client.send(send)).toMatchObject({ kind: 'accepted' })
  })

  it('is not sent where nobody listens', async () => {
    const settings = { accountSid, apiKey, apiSecret, timeoutMs: 500 }
    const refused = createCarrier({ ...settings, apiBase: 'http://127.0.0.1:1' })
    expect(await refused.send(send)).toEqual({ kind: 'not_sent' })
    const unknown = createCarrier({ ...settings, apiBase: 'http://no-such-carrier.invalid' })
    expect(await unknown.send(send)).toEqual({ kind: 'not_sent' })
  })

  it('gives up on a carrier that drips', async () => {
    const server = createServer((_, response) => {
      response.writeHead(201, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(drip))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => server.closeAllConnections())
    const address = server.address()
    const apiBase = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const slow = createCarrier({ accountSid, apiKey, apiSecret, apiBase, timeoutMs: 300 })
    const start = performance.now()
    expect(await slow.send(send)).toEqual({ kind: 'unclear' })
    expect(performance.now() - start).toBeLessThan(1500)
  })

  it('stops a sender whose key is wrong', async () => {
    const { carrier } = await setStage()
    const stranger = createCarrier({ accountSid, apiKey, apiSecret: 'wrong', apiBase: carrier.url, timeoutMs: 500 })
    expect(await stranger.send(send)).toEqual({ kind: 'refused', code: 20003, failure: 'sender_stopped' })
  })

  it.each([
    [{ to: 'sms:+447700900100' }, 21266],
    [{ from: 'sms:+447700900999' }, 21606],
    [{ to: 'whatsapp:+447700900301' }, 21910],
    [{ from: 'whatsapp:+447700900999', to: 'whatsapp:+447700900301' }, 63007],
    [{ to: 'sms:nobody' }, 21211],
    [{ body: '' }, 21602],
    [{ body: 'x'.repeat(1601) }, 21617],
    [{ validitySeconds: 36_001 }, 21655],
  ] as const)('is refused with Twilio’s code for %o', async (change, code) => {
    const { client } = await setStage()
    expect(await client.send({ ...send, ...change })).toMatchObject({ kind: 'refused', code })
  })
})

describe('find', () => {
  it('finds what was accepted and never answered', async () => {
    const { client, carrier } = await setStage()
    const since = new Date()
    expect(await client.find({ from: coop, to: amina, since, body, replies: false })).toBeUndefined()
    carrier.faults.order({ fault: 'reset_after' })
    await client.send({ from: coop, to: amina, body, statusCallback: 'http://127.0.0.1:1/none' })
    const found = await client.find({ from: coop, to: amina, since, body, replies: false })
    expect(found?.providerId).toBe(carrier.messages.list({})[0]?.sid)
    expect(await client.find({ from: coop, to: amina, since, body: `${body}.`, replies: false })).toBeUndefined()
    const later = new Date(since.getTime() + 2000)
    expect(await client.find({ from: coop, to: amina, since: later, body, replies: false })).toBeUndefined()
  })

  it('takes an answer that a webhook carried back for its own message only where it may be one', async () => {
    const { client, carrier, server } = await setStage()
    server.answer(() => ({ body: messageTwiml(body) }))
    const search = { from: coop, to: amina, since: new Date(), body } as const
    await carrier.say(amina, { to: coop, body: '1' })
    expect(await client.find({ ...search, replies: false })).toBeUndefined()
    expect(await client.find({ ...search, replies: true })).toMatchObject({ status: expect.any(String) })
  })

  it('reads past the first page', async () => {
    const { client, carrier } = await setStage()
    const since = new Date()
    const message = { from: coop, to: amina, statusCallback: 'http://127.0.0.1:1/none' } as const
    for (let n = 0; n < 130; n++) await client.send({ ...message, body: `text ${n}` })
    expect(carrier.messages.list({})).toHaveLength(130)
    expect(await client.find({ ...message, since, body: 'text 3', replies: false })).toMatchObject({
      providerId: expect.any(String),
    })
  })

  it('rejects, rather than finding nothing, where the list cannot be read', async () => {
    const gone = createCarrier({ accountSid, apiKey, apiSecret, apiBase: 'http://127.0.0.1:1', timeoutMs: 500 })
    await expect(gone.find({ from: coop, to: amina, since: new Date(), body, replies: false })).rejects.toThrow(
      'did not answer',
    )
  })
})
