// What the text of a broadcast costs by SMS, in each language of its co-op. It knows no recipient.
import type { Applied, Language } from '../../coop/charter/charter.ts'
import type { Desk } from '../desk.ts'
import { costOf } from '../outbox/outbox.ts'

/** Segments by language. */
export type Costs = ReadonlyMap<Language, number>

/** The costs of a broadcast's text. */
export async function costsOf(
  { texts }: Pick<Desk, 'texts'>,
  { languages }: Applied,
  broadcast: number,
): Promise<Costs> {
  const cost = async (language: Language) =>
    [language, costOf(await texts.of(broadcast, language, 'sms'), 'sms:')] as const
  return new Map(await Promise.all(languages.map(cost)))
}
