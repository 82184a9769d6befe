// The two example co-ops as the tests read them.

import { readFileSync } from 'node:fs'
import { isSupportedCountry } from 'libphonenumber-js/min'
import { isReservedWord } from '../../../src/conversation/hear/carrier_word.ts'
import type { Charter } from '../../../src/coop/charter/charter.ts'
import { type Reading, readCharter } from '../../../src/coop/charter/read.ts'
import { foldForSms } from '../../../src/messaging/speak/fold.ts'
import { countSegments } from '../../../src/messaging/speak/segments.ts'

export type Example = 'drivers' | 'market'

export const fileOf = (path: string): string =>
  readFileSync(new URL(`../../../flows/charters/${path}.yaml`, import.meta.url), 'utf8')

/** SMS segments of a text as it is sent. */
export const segmentsOf = (text: string): number => countSegments(foldForSms(text)).segments

export const reading: Reading = {
  hasPhones: isSupportedCountry,
  reserved: (word) => isReservedWord(word) || ['menu', 'join', 'on', 'off'].includes(word.toLowerCase()),
  segments: segmentsOf,
}

export function example(name: Example): Charter {
  const read = readCharter(fileOf(name), reading)
  if ('mistakes' in read) throw new Error(`${name}: ${JSON.stringify(read.mistakes)}`)
  return read.charter
}

/** The first form of an example co-op. */
export function formOf(charter: Charter) {
  const [form] = charter.forms
  if (!form) throw new Error(`${charter.id} has no form`)
  return form
}
