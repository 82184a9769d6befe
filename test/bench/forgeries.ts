// Webhooks that nobody signed, or that somebody changed: each kind must be refused and leave nothing behind.
import { type Checked, check, type Scene } from './checks.ts'
import { openConnection } from './client.ts'
import type { Person } from './dialogue.ts'
import { account, fieldsOf, inboundPath, requestOf, sidOf, signatureOf } from './form.ts'

type Fields = Record<string, string>

const forged = (fields: Fields, signed: Fields): Buffer => requestOf(fields, signatureOf(signed))

const kinds: Readonly<Record<string, (fields: Fields) => Buffer>> = {
  'no signature': (fields) => requestOf(fields, undefined),
  'a signature of nothing': (fields) => requestOf(fields, Buffer.alloc(20, fields.From).toString('base64')),
  'another token': (fields) => requestOf(fields, signatureOf(fields, 'another-token')),
  'another address': (fields) =>
    requestOf(fields, signatureOf(fields, account.token, `https://other.example.org${inboundPath}`)),
  'another text': (fields) => forged({ ...fields, Body: 'LEAVE' }, fields),
  'another sender': (fields) => forged({ ...fields, From: `${fields.From}1` }, fields),
  'another message': (fields) =>
    forged({ ...fields, MessageSid: fields.MessageSid?.replace('SM', 'MM') ?? '' }, fields),
  'a key too many': (fields) => forged({ ...fields, ButtonPayload: 'v.sunday-text.1' }, fields),
  'another account': (fields) => {
    const foreign = { ...fields, AccountSid: `AC${'1'.repeat(32)}` }
    return forged(foreign, foreign)
  },
  'no receiver': ({ To: _, ...fields }) => forged(fields, fields),
}

/** All kinds from each of these people, who are not known yet. */
export async function forgeries(scene: Scene, people: readonly Person[]): Promise<Checked> {
  const walks = people.map((person) => ({ person, messages: [] }))
  const checked = await check('forgeries are refused', scene, walks, async ({ person }) => {
    const connection = openConnection(scene.ports[0])
    const wrong: string[] = []
    for (const [what, make] of Object.entries(kinds)) {
      const { status } = await connection.send(make(fieldsOf(person, 'hi', sidOf(person, 0))))
      if (status !== 400 && status !== 403) wrong.push(`${what}: sender ${person.n} was answered ${status}`)
    }
    connection.close()
    return wrong
  })
  return { ...checked, messages: people.length * Object.keys(kinds).length }
}
