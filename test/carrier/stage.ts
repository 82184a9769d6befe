// A pretend carrier, a co-op's webhook server and twilio-node between them, for one test.

import { onTestFinished } from 'vitest'
import { type PretendCarrier, type PretendSettings, startCarrier } from '../../src/carrier/carrier.ts'
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { type Carrier, createCarrier } from '../../src/twilio/client.ts'
import { startWebhookServer, type WebhookServer } from './webhook_server.ts'

export const accountSid = `AC${'0'.repeat(32)}`
const authToken = 'a-token'
export const apiKey = `SK${'0'.repeat(32)}`
export const apiSecret = 'a-secret'
export const controlToken = 'a-control-token'
export const coop = 'sms:+447700900100'
export const coopOnWhatsapp = 'whatsapp:+447700900100'
export const amina = 'sms:+447700900301'
export const aminaOnWhatsapp = 'whatsapp:+447700900301'

export interface Stage {
  readonly carrier: PretendCarrier
  readonly server: WebhookServer
  readonly client: Carrier
  readonly statusUrl: string
}

export async function setStage(change: Partial<PretendSettings> & { timeoutMs?: number } = {}): Promise<Stage> {
  const server = await startWebhookServer(authToken)
  const { timeoutMs = 2000, ...settings } = change
  const carrier = await startCarrier({
    accountSid,
    authToken,
    apiKey,
    apiSecret,
    controlToken,
    countSegments,
    inboundUrl: `${server.url}/twilio/inbound`,
    senders: () => [{ address: coop }, { address: coopOnWhatsapp }],
    pace: { sentMs: 5, deliveredMs: 10 },
    webhookTimeoutMs: 500,
    ...settings,
  })
  onTestFinished(async () => {
    await carrier.stop()
    await server.stop()
  })
  const client = createCarrier({ accountSid, apiKey, apiSecret, apiBase: carrier.url, timeoutMs })
  return { carrier, server, client, statusUrl: `${server.url}/twilio/status?o=1` }
}

export function statusesOf(server: WebhookServer): (string | undefined)[] {
  return server.calls.filter(({ path }) => path.startsWith('/twilio/status')).map(({ form }) => form.MessageStatus)
}
