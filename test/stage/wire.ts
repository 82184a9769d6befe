// The wire stage: the same dialogue through signed webhooks, a web and a worker process, Postgres, Redis and the pretend
// carrier, all real. Its clock is the database's, which stands until it is moved.
import { Redis } from 'ioredis'
import type { Received } from '../../src/carrier/carrier.ts'
import { applyCharter } from '../../src/coop/charter/queries.ts'
import type { Address, Channel } from '../../src/coop/members/address.ts'
import { personIndex } from '../../src/coop/members/contact_keys.ts'
import { eraseMember } from '../../src/coop/members/erase_queries.ts'
import { mergeMembers } from '../../src/coop/members/merge_queries.ts'
import { importMembers } from '../../src/coop/members/queries.ts'
import { publishInsights } from '../../src/coop/reports/queries.ts'
import { closeVote, openVote, withdrawVote } from '../../src/coop/votes/queries.ts'
import { standClock } from '../../src/store/clock.ts'
import { charterIn, measureIn } from './scenery.ts'
import { addressAt, type Handle, type Person, type Sent, type Stage, type Told, type Trouble } from './stage.ts'
import { openWire, type Wire } from './wire_opening.ts'
import { nextDue, readPicture } from './wire_records.ts'

/** A stage on servers at an instant. */
export async function wireStage(at: number, { redisStops }: { redisStops: boolean }): Promise<Stage> {
  const wire = await openWire(at, { redisStops })
  return { ...stageOf(wire), end: () => wire.end() }
}

function stageOf(wire: Wire): Omit<Stage, 'end'> {
  const db = () => wire.process.parts.db
  const charterOf = (coop: string) => {
    const charter = wire.process.parts.charters.byId(coop)
    if (!charter) throw new Error(`There is no co-op "${coop}" in dialogues`)
    return charter
  }
  return {
    now: () => wire.now,
    charterOf,
    meet: (person) => meet(wire, person),
    say: (from, sent) => say(wire, from, sent),
    repeat: (from) => repeat(wire, from),
    pass: (ms) => pass(wire, wire.now + ms),
    openVote: async (charter, motion) =>
      void (await openVote(db(), { charter, motion, measure: measureIn(charter) })),
    closeVote: async (coop, slug) => void (await closeVote(db(), { coop, slug, by: 'organiser' })),
    withdrawVote: async (coop, slug) => void (await withdrawVote(db(), { coop, slug, by: 'organiser' })),
    publishMedians: async () => {
      const { current } = wire.process.parts.charters
      for (const charter of current()) await publishInsights(db(), charter, new Date(wire.now))
    },
    merge: async (coop, keep, gone) => void (await mergeMembers(db(), coop, keep, gone)),
    erase: async (coop, member) => void (await eraseMember(db(), wire.process.parts.keys, coop, member)),
    applyCharter: async (source) => {
      await applyCharter(db(), source, charterIn(source))
      await wire.process.parts.charters.reload()
    },
    befall: (trouble) => befall(wire, trouble),
    records: () => readPicture(db(), (index) => nameOf(wire, index)),
  }
}

function nameOf({ people, process: { parts } }: Wire, index: string): string | null {
  for (const person of people.values()) {
    const address = addressAt({ person, channel: person.channel })
    if (personIndex(parts.keys, person.coop, address).toString('hex') === index) return person.name
  }
  return null
}

async function meet(wire: Wire, person: Person): Promise<void> {
  wire.people.set(person.name, person)
  if (person.kind !== 'invited member') return
  const { db, keys, charters } = wire.process.parts
  const charter = charters.byId(person.coop)
  const { phone, language } = person
  if (charter && phone) await importMembers(db, keys, charter, [{ line: 2, phone, language }])
}

async function say(wire: Wire, from: Handle, sent: Sent): Promise<Told[]> {
  const { carrier } = wire
  const address = addressAt(from)
  const heard = await carrier.say(address, { to: senderFor(wire, from), ...formOf(wire, from, sent) })
  if (heard.status !== 200) throw new Error(`The webhook was answered with ${heard.status}`)
  wire.answers.set(address, heard.twiml)
  await carrier.settled()
  const fresh = unshown(wire, address)
  return [
    ...heard.answers.map((text): Told => ({ to: from, text, how: 'answer', delivered: takeOut(fresh, text) })),
    ...fresh.map(({ body }): Told => ({ to: from, text: body, how: 'begun', delivered: true })),
  ]
}

function senderFor(wire: Wire, { person, channel }: Handle): Address {
  const charter = wire.process.parts.charters.byId(person.coop)
  const sender = charter?.senders.find(({ address }) => address.startsWith(`${channel}:`))
  if (!sender) throw new Error(`${person.coop} has no sender on ${channel}`)
  return sender.address
}

function formOf(wire: Wire, from: Handle, { text, button, attachment, replies }: Sent) {
  const inReplyTo = replies ? wire.begun.get(addressAt(from)) : undefined
  return {
    body: text,
    ...(button !== undefined && { button: { payload: button, text } }),
    ...(attachment === 'photo' && { media: 1 }),
    ...(attachment === 'location' && { location: { latitude: 28.6, longitude: 77.2 } }),
    ...(inReplyTo !== undefined && { inReplyTo }),
  }
}

/** What a phone has received of ours since it was last looked at. */
function unshown({ carrier, shown, begun }: Wire, address: Address): Received[] {
  const received = carrier.received(address, shown.get(address) ?? 0)
  shown.set(address, received.at(-1)?.n ?? shown.get(address) ?? 0)
  const ours = received.filter(({ kind }) => kind === 'message')
  const last = ours.findLast(({ sid }) => sid && carrier.messages.get(sid)?.direction === 'outbound-api')
  if (last?.sid) begun.set(address, last.sid)
  return ours
}

function takeOut(received: Received[], text: string): boolean {
  const at = received.findIndex(({ body }) => body === text)
  if (at >= 0) received.splice(at, 1)
  return at >= 0
}

async function repeat(wire: Wire, from: Handle): Promise<void> {
  const { twiml } = await wire.carrier.repeat(addressAt(from))
  if (twiml !== wire.answers.get(addressAt(from))) throw new Error(`The repeat was answered anew: ${twiml}`)
}

// From one instant at which something is due to the next, at least so far apart: a call that waits for an answer is
// looked at every three seconds, and no dialogue tells these apart.
const apartMs = 15_000

async function pass(wire: Wire, until: number): Promise<Told[]> {
  const told: Told[] = []
  for (;;) {
    const due = await nextDue(wire.process.parts.db)
    if (due === undefined || due > until) break
    await standAt(wire, due <= wire.now ? wire.now : Math.min(until, Math.max(due, wire.now + apartMs)))
    await wire.process.work()
    await wire.carrier.settled()
    told.push(...begunNow(wire))
  }
  await standAt(wire, until)
  return told
}

async function standAt(wire: Wire, at: number): Promise<void> {
  if (wire.now !== at) await standClock(wire.process.parts.db, new Date(at))
  wire.now = at
}

const channelsOf = ({ phone }: Person): readonly Channel[] => (phone ? ['sms', 'whatsapp'] : ['whatsapp'])
const begunNow = (wire: Wire): Told[] =>
  [...wire.people.values()]
    .flatMap((person) => channelsOf(person).map((channel): Handle => ({ person, channel })))
    .flatMap((to) =>
      unshown(wire, addressAt(to)).map(({ body }): Told => ({ to, text: body, how: 'begun', delivered: true })),
    )

async function befall(wire: Wire, trouble: Trouble): Promise<void> {
  const { redis, carrier } = wire
  switch (trouble.trouble) {
    case 'redis_emptied':
      return emptied(redis.url)
    case 'redis_down':
      return redis.server?.stop()
    case 'redis_back':
      return redis.server?.start()
    case 'web_killed':
      return wire.restart()
    case 'answer_lost':
      return carrier.faults.order({ fault: 'lose_answer', to: addressAt(trouble.to) })
    case 'refused':
      return carrier.faults.order({ fault: 'refuse', to: addressAt(trouble.to), code: trouble.code })
  }
}

async function emptied(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushdb()
  redis.disconnect()
}
