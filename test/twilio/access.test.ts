// Whether the carrier takes our key, asked of the pretend carrier and of what is none, over real sockets.
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { askAccess } from '../../src/twilio/access.ts'
import { accountSid, amina, apiKey, apiSecret, coop, setStage } from '../carrier/stage.ts'

const settings = { accountSid, apiKey, apiSecret, timeoutMs: 500 }

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

test('the right key is taken, whether there is a message or not, and nothing is sent', async () => {
  const { carrier, client, statusUrl } = await setStage()
  expect(await askAccess({ ...settings, apiBase: carrier.url })).toEqual({ access: 'granted' })
  await client.send({ from: coop, to: amina, body: 'Counted', statusCallback: statusUrl })
  expect(await askAccess({ ...settings, apiBase: carrier.url })).toEqual({ access: 'granted' })
  expect(carrier.messages.list({})).toHaveLength(1)
})

test('a wrong secret, a wrong key and a wrong account are refused', async () => {
  const { carrier } = await setStage()
  const refused = { access: 'refused', status: 401, code: 20003 }
  const ask = (change: Partial<typeof settings>) => askAccess({ ...settings, ...change, apiBase: carrier.url })
  expect(await ask({ apiSecret: 'wrong' })).toEqual(refused)
  expect(await ask({ apiKey: `SK${'1'.repeat(32)}` })).toEqual(refused)
  expect(await ask({ accountSid: `AC${'1'.repeat(32)}` })).toEqual({ access: 'refused', status: 404, code: 20404 })
})

test('who does not answer is told from who is not the carrier', async () => {
  expect(await askAccess({ ...settings, apiBase: 'http://127.0.0.1:1' })).toEqual({
    access: 'silence',
    why: 'ECONNREFUSED',
  })
  const mute = await serve(() => {})
  expect(await askAccess({ ...settings, apiBase: mute })).toEqual({ access: 'silence', why: '500 ms are over' })
  for (const page of ['<h1>Welcome</h1>', '{}']) {
    const stranger = await serve((_, response) => response.end(page))
    expect(await askAccess({ ...settings, apiBase: stranger })).toEqual({ access: 'stranger' })
  }
})
