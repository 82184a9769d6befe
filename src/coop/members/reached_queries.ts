// Where a member is reached.
import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'

/** The contacts at which this member is reached, whoever speaks there. */
export const reachedAt = (db: Kysely<Schema>, member: number) =>
  db
    .selectFrom('contacts')
    .innerJoin('member_contacts as hers', 'hers.contact_id', 'contacts.id')
    .where('hers.member_id', '=', member)
