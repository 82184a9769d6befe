// The one table of what the carrier's error codes mean and what we do about each; it serves refused sends, HTTP
// statuses and codes that come later in a status callback. It decides; it never sends, waits or alarms by itself.
// https://www.twilio.com/docs/api/errors

export type SendFailure =
  | 'rate'
  | 'unclear'
  | 'sender_stopped'
  | 'address_unreachable'
  | 'opted_out'
  | 'account_settings'
  | 'our_request'
  | 'later'
  | 'handset_off'
  | 'blocked'
  | 'loop_guard'
  | 'outside_window'
  | 'slow_down'
  | 'next_day'
  | 'other'

export interface Treatment {
  readonly failure: SendFailure
  /** retry: it was surely not sent, try again; unknown: find out first; the others: this message is over. */
  readonly verdict: 'retry' | 'unknown' | 'failed' | 'opted_out' | 'outside_window'
  /** Whether a human must hear of it: of each one, of many in a short time, or not at all. */
  readonly alarm: 'each' | 'many' | 'none'
  /** Whether anything else may be sent to the same address. */
  readonly address: 'ok' | 'unreachable'
  /** The least time to wait before trying again. */
  readonly afterSeconds?: number
  /** Tried again once only, not for as long as it is still useful. */
  readonly once?: true
}

type Row = Omit<Treatment, 'failure'> & { readonly codes: readonly number[] }

const over = { verdict: 'failed', alarm: 'none', address: 'ok' } as const
const again = { verdict: 'retry', alarm: 'none', address: 'ok' } as const

const table: Readonly<Record<SendFailure, Row>> = {
  // Too many requests, none of them processed: back off with jitter, longer where Retry-After says so.
  rate: { ...again, afterSeconds: 1, codes: [429, 20429] },
  // The carrier itself failed and may have sent it: ask its callback and its list before anything else.
  unclear: { ...again, verdict: 'unknown', codes: [20500, 20503] },
  // Our key is not accepted: nothing of this sender can go out until a human acts.
  sender_stopped: { ...again, alarm: 'each', afterSeconds: 300, codes: [401, 403, 20003] },
  // This address cannot be reached so, ever: nothing more is sent to it.
  address_unreachable: {
    ...over,
    address: 'unreachable',
    codes: [21211, 21612, 21614, 30005, 30006, 63003, 63024],
  },
  // She has told the carrier to stop: marked as opted out, never tried again.
  opted_out: { ...over, verdict: 'opted_out', codes: [21610] },
  // Our account may not do this: a human must change its settings.
  account_settings: { ...over, alarm: 'each', codes: [21408, 21606, 21608, 21703, 63007, 63015] },
  // What we asked for is wrong, or the template is: our fault, the same request will fail for ever.
  our_request: {
    ...over,
    alarm: 'each',
    codes: [...[21602, 21603, 21604, 21617, 21620, 21655, 21656], ...[63005, 63021, 63027, 63028, 63030, 63041]],
  },
  // The queue was full or its time ran out: later, if it is still useful.
  later: { ...again, afterSeconds: 600, codes: [21611, 30001, 30022, 30023, 30036, 30410] },
  // The handset is off or nobody knows why: one later try, if it is still useful.
  handset_off: { ...again, afterSeconds: 3600, once: true, codes: [30003, 30008] },
  // Blocked, filtered or withheld: never again, and many of them mean that all of ours are.
  blocked: {
    ...over,
    alarm: 'many',
    codes: [30004, 30007, 30034, 30450, 63013, 63014, 63032, 63033, 63049],
  },
  // Two machines were answering each other: stop; our own guard should have cut it off before.
  loop_guard: { ...over, alarm: 'each', codes: [14107] },
  // Free text more than 24 hours after her last message: an approved template, or nothing.
  outside_window: { ...over, verdict: 'outside_window', codes: [63016] },
  // Too much to one WhatsApp person or from one WhatsApp sender: again, slowly.
  slow_down: { ...again, afterSeconds: 30, codes: [63018] },
  // The day's allowance on WhatsApp is used up: tomorrow.
  next_day: { ...again, alarm: 'many', afterSeconds: 86_400, codes: [63038] },
  // New codes appear without notice: this message is over, logged, and nothing crashes.
  other: { ...over, alarm: 'many', codes: [] },
}

const failureOf = new Map<number, SendFailure>()
for (const failure in table) {
  if (isFailure(failure)) for (const code of table[failure].codes) failureOf.set(code, failure)
}

function isFailure(name: string): name is SendFailure {
  return Object.hasOwn(table, name)
}

/** The codes that mean this. */
export const codesOf = (failure: SendFailure): readonly number[] => table[failure].codes

/** The codes after which there is one more try. */
export const triedOnce: readonly number[] = Object.values(table).flatMap(({ once, codes }) => (once ? codes : []))

/** What to do about an error code of the carrier, or about an HTTP status that came without one. */
export function whatToDo(code: number): Treatment {
  const failure = failureOf.get(code) ?? (code >= 500 && code < 600 ? 'unclear' : 'other')
  const { codes: _, ...treatment } = table[failure]
  return { failure, ...treatment }
}
