// For which call a bare digit is: the one that reached her last, however far its row has come. A digit never becomes a
// ballot for a call that she cannot have read.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { mergeMembers } from '../../src/coop/members/merge_queries.ts'
import { readProposal } from '../../src/coop/votes/proposal_file.ts'
import { openVote } from '../../src/coop/votes/queries.ts'
import { recordStatus } from '../../src/messaging/callbacks/statuses.ts'
import { rankOf } from '../../src/twilio/status.ts'
import { type ExchangeStage, join, newPhone, stageOfTest, type Web } from './stage.ts'

const providerId = `SM${'1'.repeat(32)}`
const ballots = (stage: ExchangeStage) => stage.db.selectFrom('ballots').select(['proposal', 'option']).execute()

async function open(stage: ExchangeStage, slug: string): Promise<void> {
  const source = `slug: ${slug}\ntitle: { en: Pay ${slug}, hi: संदेश }\ntext: { en: Send it?, hi: भेजें? }\nkind: quick\n`
  const read = readProposal(source, stage.charter)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  await openVote(stage.db, { charter: stage.charter, motion: { ...read.proposal, slug }, measure: () => 1 })
}

/** A call's row as a claim makes it, then as `set` says. */
async function calledBy(
  stage: ExchangeStage,
  slug: string,
  member: number,
  set = "state = 'sending'",
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into outbox (coop_id, contact_id, member_id, class, broadcast_id, sender, priority, state, next_attempt_at,
      expires_at, created_at, attempts, claimed_at)
    select 'drivers', (select min(id) from contacts where member_id = ${member}), ${member}, 'call', id,
      'whatsapp:+447700900100', 2, 'sending', coopline_now(), expires_at, coopline_now(), 1, coopline_now()
    from broadcasts where proposal = ${slug} and kind = 'call' returning id`.execute(stage.db)
  const id = rows[0]?.id ?? 0
  await sql`update outbox set ${sql.raw(set)} where id = ${id}`.execute(stage.db)
  return id
}

const accepted = `state = 'accepted', sent_at = coopline_now(), carrier_id = '${providerId}', status_rank = 1`
const fail = ({ counter }: Web, outboxId: number, errorCode: number) =>
  recordStatus(
    counter.desk,
    { providerId, status: 'failed', rank: rankOf('failed'), errorCode },
    { outboxId, attempt: 1 },
  )

test.each(['sending', 'unknown'])(
  'a call that is %s may be what she answers: not the one before it',
  async (state) => {
    const { stage, web } = await stageOfTest({ REDIS_URL: '' })
    const phone = newPhone()
    const member = await join(web, phone)
    for (const slug of ['aa', 'bb']) await open(stage, slug)
    await calledBy(stage, 'aa', member, accepted)
    await calledBy(stage, 'bb', member, `state = '${state}'`)
    await web.say(phone, '2')
    expect(await ballots(stage)).not.toContainEqual({ proposal: 'aa', option: 2 })
  },
)

test.each([
  ['failed', 'sending', 30007],
  ['failed, after it had been accepted', accepted, 30007],
  ['waits to go by SMS instead', accepted, 63016],
])('a call that %s is none: a stray digit is no ballot', async (_, before, code) => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const phone = `whatsapp:${newPhone()}`
  const member = await join(web, phone)
  await open(stage, 'aa')
  const id = await calledBy(stage, 'aa', member, before === 'sending' ? undefined : before)
  await fail(web, id, code)
  expect((await web.say(phone, '2')).text).toMatch(/did not understand/)
  expect(await ballots(stage)).toEqual([])
})

/** A member whose question is open, and whose session is damaged where a process that does not know her looks. */
async function withLostSession() {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const phone = newPhone()
  const member = await join(web, phone)
  expect((await web.say(phone, 'REPORT')).text).toMatch(/^Hours/)
  await sql`update contacts set snapshot = set_byte(snapshot, 20, get_byte(snapshot, 20) # 90)`.execute(stage.db)
  return { stage, phone, member, web: await stage.open({ REDIS_URL: '' }) }
}

test('a digit to a question that was lost with her session is no ballot, though she was called to a vote', async () => {
  const { stage, web, phone, member } = await withLostSession()
  await open(stage, 'aa')
  await calledBy(stage, 'aa', member, accepted)
  expect((await web.say(phone, '2')).text).toMatch(/^Sorry, we did not understand/)
  expect(await ballots(stage)).toEqual([])
  expect(stage.logs.map(({ event }) => event)).toContain('session_unreadable')
})

test('a command is heard all the same where her session was lost', async () => {
  const { web, phone } = await withLostSession()
  expect((await web.say(phone, 'REPORT')).text).toMatch(/^Hours/)
})

test('of two numbers that are one person, the call that was sent stands, and she is not called again', async () => {
  const { stage, web } = await stageOfTest({ REDIS_URL: '' })
  const [phone, other] = [newPhone(), newPhone()]
  const [keep, gone] = [await join(web, phone), await join(web, other)]
  await open(stage, 'aa')
  await calledBy(stage, 'aa', keep, "state = 'pending', claimed_at = null")
  await calledBy(stage, 'aa', gone, accepted)
  await mergeMembers(stage.db, 'drivers', keep, gone)
  expect(await stage.db.selectFrom('outbox').select(['member_id', 'state']).execute()).toEqual([
    { member_id: keep, state: 'accepted' },
  ])
  await web.say(phone, '2')
  expect(await ballots(stage)).toEqual([{ proposal: 'aa', option: 2 }])
})
