// The words that Twilio takes on SMS: STOP blocks the pair of phone and sender, START lifts it, HELP is answered.
// Only the whole trimmed message counts, and nothing of this happens on WhatsApp.
// https://help.twilio.com/articles/223134027

import type { Address } from '../coop/members/address.ts'
import type { Sender } from './settings.ts'

export type CarrierWord = 'STOP' | 'START' | 'HELP'

const words: ReadonlyMap<string, CarrierWord> = new Map([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'].map(meaning('STOP')),
  ...['START', 'YES', 'UNSTOP'].map(meaning('START')),
  ...['HELP', 'INFO'].map(meaning('HELP')),
])

function meaning(of: CarrierWord): (word: string) => [string, CarrierWord] {
  return (word) => [word, of]
}

const answers: Readonly<Record<CarrierWord, string>> = {
  STOP:
    'You have successfully been unsubscribed. You will not receive any more messages from this number. ' +
    'Reply START to resubscribe.',
  START:
    'You have successfully been re-subscribed to messages from this number. Reply HELP for help. ' +
    'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
  HELP: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
}

export interface OptOuts {
  /** Acts on a carrier word; the answer is missing where the carrier has nothing to add. */
  hear(phone: Address, sender: Sender, text: string): { word: CarrierWord; answer?: string } | undefined
  isBlocked(phone: Address, sender: Address): boolean
}

/** Nobody is blocked at first. */
export function createOptOuts(): OptOuts {
  const blocked = new Set<string>()
  return {
    hear: (phone, sender, text) => {
      const word = words.get(text.trim().toUpperCase())
      if (word === undefined || !(sender.answersWords ?? sender.address.startsWith('sms:'))) return undefined
      const pair = `${phone} ${sender.address}`
      const wasBlocked = blocked.has(pair)
      if (word === 'STOP') blocked.add(pair)
      if (word === 'START') blocked.delete(pair)
      // A second STOP is met with silence, and YES is only a word to someone who had not stopped.
      const silent = word === 'STOP' ? wasBlocked : word === 'START' && !wasBlocked
      return silent ? { word } : { word, answer: answers[word] }
    },
    isBlocked: (phone, sender) => blocked.has(`${phone} ${sender}`),
  }
}
