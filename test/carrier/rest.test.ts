// The REST API of the pretend carrier as twilio-node sees it, field by field, and its control endpoints.

import { describe, expect, it } from 'vitest'
import { connect } from '../../src/twilio/rest.ts'
import { accountSid, amina, apiKey, apiSecret, controlToken, coop, setStage } from './stage.ts'

describe('the REST API', () => {
  it('shows a message as twilio-node reads one', async () => {
    const now = new Date('2026-11-24T08:00:00Z')
    const { carrier } = await setStage({ now: () => now })
    const client = await connect({ accountSid, apiKey, apiSecret, apiBase: carrier.url, timeoutMs: 1000 })
    const { sid } = await client.messages.create({
      from: '+447700900100',
      to: '+447700900301',
      body: 'ब'.repeat(71),
    })
    await carrier.settled()
    const message = await client.messages(sid).fetch()
    expect(message).toMatchObject({
      accountSid,
      apiVersion: '2010-04-01',
      body: 'ब'.repeat(71),
      dateCreated: now,
      dateSent: now,
      direction: 'outbound-api',
      from: '+447700900100',
      numMedia: '0',
      numSegments: '2',
      price: null,
      priceUnit: 'USD',
      status: 'delivered',
      to: '+447700900301',
      uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
    })
    expect(message.errorCode).toBeNull()
  })

  it('lists by sender, receiver and date of sending, over pages', async () => {
    const { carrier } = await setStage()
    const client = await connect({ accountSid, apiKey, apiSecret, apiBase: carrier.url, timeoutMs: 1000 })
    for (let n = 0; n < 5; n++) {
      await client.messages.create({ from: '+447700900100', to: `+44770090030${n % 2}`, body: `n${n}` })
    }
    await carrier.settled()
    const listed = await client.messages.list({ to: '+447700900300', pageSize: 2 })
    expect(listed.map(({ body }) => body)).toEqual(['n4', 'n2', 'n0'])
    const past = new Date(Date.now() - 60_000)
    expect(await client.messages.list({ dateSentAfter: past })).toHaveLength(5)
    expect(await client.messages.list({ dateSentBefore: past })).toHaveLength(0)
    expect(await client.messages.list({ from: '+447700900999' })).toHaveLength(0)
  })

  it('knows its account and refuses others', async () => {
    const { carrier } = await setStage()
    const settings = { accountSid, apiKey, apiSecret, apiBase: carrier.url, timeoutMs: 1000 }
    const client = await connect(settings)
    expect(await client.api.v2010.accounts(accountSid).fetch()).toMatchObject({ status: 'active', sid: accountSid })
    const other = await connect({ ...settings, accountSid: `AC${'1'.repeat(32)}` })
    await expect(other.messages.list()).rejects.toMatchObject({ status: 404, code: 20404 })
    await expect(client.messages(`SM${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ code: 20404 })
    await expect(client.messages(`SM${'0'.repeat(32)}`).remove()).rejects.toMatchObject({ status: 405 })
  })
})

describe('the control endpoints', () => {
  it('let another process text, read, repeat and order faults', async () => {
    const { carrier, server } = await setStage()
    const ask = async (method: string, path: string, body?: object, token = controlToken) => {
      const headers = { authorization: `Bearer ${token}` }
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
      const response = await fetch(`${carrier.url}/pretend/${path}`, init)
      const answer: { senders?: object[]; events?: object[]; faults?: object[] } = JSON.parse(await response.text())
      return { status: response.status, body: answer }
    }
    const phone = `phones/${encodeURIComponent(amina)}`
    expect(await ask('GET', 'senders', undefined, 'guess')).toMatchObject({ status: 401 })
    expect((await ask('GET', 'senders')).body.senders).toContainEqual({ address: coop })
    server.answer(() => ({ body: '<Response><Message><Body>Hi &#x263a;</Body></Message></Response>' }))
    const waiting = ask('GET', `${phone}/events?after=0&wait=5`)
    expect(await ask('POST', `${phone}/say`, { to: coop, body: 'hi' })).toMatchObject({
      body: { answers: ['Hi ☺'] },
    })
    expect((await waiting).body.events).toMatchObject([{ n: 1, body: 'Hi ☺' }])
    expect(await ask('POST', `${phone}/repeat`, {})).toMatchObject({ body: { attempts: 1 } })
    expect(await ask('POST', 'faults', { fault: 'lose_answer', times: 2, to: amina })).toMatchObject({
      status: 201,
    })
    expect((await ask('GET', 'faults')).body.faults).toMatchObject([{ fault: 'lose_answer', times: 2 }])
    await ask('DELETE', 'faults')
    expect(carrier.faults.pending()).toEqual([])
    expect(await ask('POST', 'faults', { fault: 'earthquake' })).toMatchObject({ status: 400 })
    expect(await ask('POST', 'phones/amina/say', { to: coop })).toMatchObject({ status: 400 })
    expect(await ask('POST', `${phone}/say`, { to: coop, colour: 'red' })).toMatchObject({ status: 400 })
    expect(await ask('GET', 'warnings')).toMatchObject({ body: { warnings: [] } })
    expect(await ask('GET', 'weather')).toMatchObject({ status: 404 })
  })

  it('are closed without a token', async () => {
    const { carrier } = await setStage({ controlToken: '' })
    expect((await fetch(`${carrier.url}/pretend/senders`)).status).toBe(401)
  })
})
