// The charters in force, as this process knows them: read again every few seconds, so that one that was applied
// anywhere applies here without a restart. It never changes a charter.
import type { Applied } from '../coop/charter/charter.ts'
import type { Address } from '../coop/members/address.ts'
import type { Log } from '../log.ts'

export interface Charters {
  /** The newest version of each co-op's charter. */
  current(): readonly Applied[]
  byId(coop: string): Applied | undefined
  /** Whose sender this address is. */
  bySender(address: Address): Applied | undefined
  /** Reads them now. */
  reload(): Promise<void>
  stop(): void
}

/** Reads the charters once, and then again and again. */
export async function openCharters(
  load: () => Promise<readonly Applied[]>,
  everyMs: number,
  log: Log,
): Promise<Charters> {
  let known = index(await load())
  let reading: Promise<void> | undefined
  const read = async () => {
    known = index(await load())
  }
  // One at a time, so that a slow reading never overwrites a newer one.
  const reload = () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  const again = () =>
    void reload().catch((error: Error) => log.warn({ event: 'charters_not_read', reason: error.message }))
  const timer = setInterval(again, everyMs).unref()
  return {
    current: () => known.all,
    byId: (coop) => known.byId.get(coop),
    bySender: (address) => known.bySender.get(address),
    reload,
    stop: () => clearInterval(timer),
  }
}

function index(all: readonly Applied[]) {
  const senders = all.flatMap((charter) => charter.senders.map((sender) => [sender.address, charter] as const))
  return { all, byId: new Map(all.map((charter) => [charter.id, charter])), bySender: new Map(senders) }
}
