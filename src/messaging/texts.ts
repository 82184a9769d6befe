// The text of a broadcast, made once for each language and channel and kept while it is sent: a hundred thousand
// calls are ten texts. It never asks who the recipient is.
import type { Reply } from '../conversation/reply.ts'
import type { Applied, Language } from '../coop/charter/charter.ts'
import type { Channel } from '../coop/members/address.ts'
import type { Db } from '../store/database.ts'

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
}

interface Kept {
  readonly coopId: string
  readonly replies: readonly Reply[]
  readonly spoken: Map<string, string>
}

const most = 100

/** The texts of one process. */
export function openTexts(
  db: Db,
  charters: { byId(coop: string): Applied | undefined },
  draft: Draft,
  speak: Speak,
): Texts {
  const kept = new Map<number, Promise<Kept>>()
  const keep = (id: number): Promise<Kept> => {
    const made = make(db, draft, id)
    made.catch(() => kept.delete(id))
    const [oldest] = kept.keys()
    if (kept.size >= most && oldest !== undefined) kept.delete(oldest)
    kept.set(id, made)
    return made
  }
  return {
    of: async (broadcastId, language, channel) => {
      const { coopId, replies, spoken } = await (kept.get(broadcastId) ?? keep(broadcastId))
      const known = spoken.get(`${channel} ${language}`)
      if (known !== undefined) return known
      const charter = charters.byId(coopId)
      if (!charter) throw new Error(`Broadcast ${broadcastId} is of a co-op without a charter: ${coopId}`)
      const text = speak(replies, { charter, language, channel })
      spoken.set(`${channel} ${language}`, text)
      return text
    },
  }
}

async function make(db: Db, draft: Draft, id: number): Promise<Kept> {
  const broadcast = await db
    .selectFrom('broadcasts')
    .select(['id', 'coop_id as coopId', 'proposal', 'kind'])
    .where('id', '=', id)
    .executeTakeFirst()
  const replies = broadcast && (await draft(broadcast))
  if (!broadcast || !replies) throw new Error(`Broadcast ${id} has nothing to say: its proposal is gone`)
  return { coopId: broadcast.coopId, replies, spoken: new Map() }
}
