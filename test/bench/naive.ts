// The anchor `naive`: what one writes first. Express and its form reader, twilio-node's check and its TwiML, a session
// read and written in Redis, one row for each message. Two messages at once race, and a repeat acts twice.
import express from 'express'
import { Redis } from 'ioredis'
import pg from 'pg'
import twilio from 'twilio'
import { type AnchorSettings, advance } from './canned.ts'
import { inboundPath } from './form.ts'

/** Listens until it is killed. */
export function runNaive(settings: AnchorSettings): void {
  const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 10 })
  const redis = new Redis(settings.redisUrl)
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.post(inboundPath, async (request, response) => {
    const form = request.body
    const signature = request.header('x-twilio-signature') ?? ''
    if (!twilio.validateRequest(settings.token, signature, settings.url, form)) {
      response.status(403).end()
      return
    }
    const key = `naive:${form.From}`
    const turn = advance(settings.texts, await redis.get(key), form.From, form.Body)
    await redis.set(key, turn.state, 'EX', 86_400)
    await pool.query(
      'insert into inbound (sid, sender, body, step, reply) values ($1, $2, $3, $4, $5) on conflict do nothing',
      [form.MessageSid, form.From, form.Body, turn.step, turn.reply],
    )
    const twiml = new twilio.twiml.MessagingResponse()
    twiml.message(turn.calls ? { action: settings.action + form.MessageSid } : {}, turn.reply)
    response.type('text/xml').send(twiml.toString())
  })
  app.get('/readyz', (_request, response) => void response.end())
  app.listen(settings.port, '127.0.0.1')
}
