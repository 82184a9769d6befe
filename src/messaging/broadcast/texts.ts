// The words of a broadcast, made once for each language and channel and kept with it: a hundred thousand calls are ten
// texts, the same ones for all, also after a deployment. It never asks who the recipient is.
import type { Reply } from '../../conversation/reply.ts'
import type { Applied, Language } from '../../coop/charter/charter.ts'
import type { Channel } from '../../coop/members/address.ts'
import type { Db } from '../../store/database.ts'

export interface Broadcast {
  readonly id: number
  readonly coopId: string
  readonly proposal: string
  readonly kind: 'notice' | 'call' | 'outcome'
}

/** What a broadcast says, by name; nothing where what it is about is gone. */
export type Draft = (broadcast: Broadcast) => Promise<readonly Reply[] | undefined>
export type Speak = (
  replies: readonly Reply[],
  to: { readonly charter: Applied; readonly language: Language; readonly channel: Channel },
) => string

export interface Texts {
  /** The text of a broadcast in a language on a channel; an error where there is none to be had. */
  of(broadcastId: number, language: Language, channel: Channel): Promise<string>
  /** All texts that a broadcast can have been sent as on a channel. */
  allOf(broadcastId: number, channel: Channel): Promise<readonly string[]>
}

const most = 1_000

/** The texts of all processes; each looks one up once. */
export function openTexts(
  db: Db,
  charters: { byId(coop: string): Applied | undefined },
  draft: Draft,
  speak: Speak,
): Texts {
  const seen = new Map<string, Promise<string>>()
  const look = (text: Text): Promise<string> => {
    const found = keptText(db, text).then(async (kept) => kept ?? keep(db, text, await compose(text)))
    found.catch(() => seen.delete(nameOf(text)))
    const [oldest] = seen.keys()
    if (seen.size >= most && oldest !== undefined) seen.delete(oldest)
    seen.set(nameOf(text), found)
    return found
  }
  const compose = async ({ broadcastId, language, channel }: Text): Promise<string> => {
    const { coopId, replies } = await repliesOf(db, draft, broadcastId)
    const charter = charters.byId(coopId)
    if (!charter) throw new Error(`Broadcast ${broadcastId} is of a co-op without a charter: ${coopId}`)
    return speak(replies, { charter, language, channel })
  }
  return {
    of: (broadcastId, language, channel) => {
      const text = { broadcastId, language, channel }
      return seen.get(nameOf(text)) ?? look(text)
    },
    allOf: async (broadcastId, channel) => {
      const texts = await textsOf(db, broadcastId, channel).execute()
      return texts.map(({ body }) => body)
    },
  }
}

interface Text {
  readonly broadcastId: number
  readonly language: Language
  readonly channel: Channel
}

const nameOf = ({ broadcastId, language, channel }: Text): string => `${broadcastId} ${channel} ${language}`

const textsOf = (db: Db, broadcastId: number, channel: Channel) =>
  db
    .selectFrom('broadcast_texts')
    .select('body')
    .where('broadcast_id', '=', broadcastId)
    .where('channel', '=', channel)

async function keptText(db: Db, { broadcastId, channel, language }: Text): Promise<string | undefined> {
  const kept = await textsOf(db, broadcastId, channel).where('language', '=', language).executeTakeFirst()
  return kept?.body
}

// Whichever process was the first to put it into words: all send hers.
async function keep(db: Db, text: Text, body: string): Promise<string> {
  const { broadcastId: broadcast_id, channel, language } = text
  await db
    .insertInto('broadcast_texts')
    .values({ broadcast_id, channel, language, body })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await keptText(db, text)) ?? body
}

async function repliesOf(db: Db, draft: Draft, id: number) {
  const broadcast = await db
    .selectFrom('broadcasts')
    .select(['id', 'coop_id as coopId', 'proposal', 'kind'])
    .where('id', '=', id)
    .executeTakeFirst()
  const replies = broadcast && (await draft(broadcast))
  if (!broadcast || !replies) throw new Error(`Broadcast ${id} has nothing to say: its proposal is gone`)
  return { coopId: broadcast.coopId, replies }
}
