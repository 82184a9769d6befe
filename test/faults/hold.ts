// Another transaction holds a member, as a slow organiser's command would, for as long as some work takes.
import { addressOn } from '../../src/coop/members/address.ts'
import { personIndex } from '../../src/coop/members/contact_keys.ts'
import { lockNow, personKey } from '../../src/store/locks.ts'
import type { Person } from './phones.ts'
import type { FaultStage } from './stage.ts'

/** Holds her lock while the work is done. */
export function holdMember<T>(
  { db, keys, charter }: Pick<FaultStage, 'db' | 'keys' | 'charter'>,
  { phone }: Pick<Person, 'phone'>,
  work: () => Promise<T>,
): Promise<T> {
  const key = personKey(personIndex(keys, charter.id, addressOn('sms', phone)))
  return db.transaction().execute(async (trx) => {
    await lockNow(trx, [key])
    return await work()
  })
}
