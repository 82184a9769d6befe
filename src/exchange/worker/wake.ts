// Contacts whose open question has waited: the clock steps each as a message would be stepped, under the same lock.
import { sql } from 'kysely'
import { readAddress } from '../../coop/members/address.ts'
import { unsealAddress } from '../../coop/members/contact_keys.ts'
import type { Counter } from '../counter.ts'
import type { ClockMessage } from '../message.ts'
import { senderOf } from '../webhook/arrival.ts'

interface Due {
  readonly id: number
  readonly coop_id: string
  readonly address: Buffer
  readonly sender: string | null
}

/** Steps those that are due; each is put off for a minute first, so that two workers do not step the same. */
export async function wakeDue({ parts, gather }: Counter, most: number): Promise<number> {
  const { rows } = await sql<Due>`
    update contacts set wake_at = coopline_now() + interval '1 minute'
    where id in (select id from contacts where wake_at <= (select coopline_now()) order by wake_at
      limit ${most} for update skip locked)
    returning id, coop_id, address, sender`.execute(parts.db)
  await Promise.all(rows.map((row) => wake(row)))
  return rows.length

  async function wake(row: Due): Promise<void> {
    try {
      const message = messageOf(row)
      if (message) await gather.submit(message)
      else await parts.db.updateTable('contacts').set({ wake_at: null }).where('id', '=', row.id).execute()
    } catch (error) {
      parts.log.error({ event: 'contact_not_woken', contact: row.id, reason: String(error) })
    }
  }

  function messageOf(row: Due): ClockMessage | undefined {
    const charter = parts.charters.byId(row.coop_id)
    const to = readAddress(row.sender ?? '')
    if (!charter || !to) return undefined
    const sender = senderOf(parts.keys, row.coop_id, unsealAddress(parts.keys, row.address), to)
    return { kind: 'clock', charter, sender, found: undefined }
  }
}
