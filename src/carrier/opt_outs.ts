// The words that Twilio takes on SMS: STOP blocks the pair of phone and sender, START lifts it, HELP is answered.
// Only the whole trimmed message counts, and nothing of this happens on WhatsApp.
// https://help.twilio.com/articles/223134027

import type { Address } from '../coop/members/address.ts'
import type { Memory } from './memory.ts'
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

/** Nobody is blocked until she says so. */
export function createOptOuts(memory: Memory): OptOuts {
  const isBlocked = (phone: Address, sender: Address) => memory.recall(nameOf(phone, sender)) === blocked
  return {
    hear: (phone, sender, text) => {
      const word = words.get(text.trim().toUpperCase())
      if (word === undefined || !(sender.answersWords ?? sender.address.startsWith('sms:'))) return undefined
      const wasBlocked = isBlocked(phone, sender.address)
      if (word === 'STOP' && !wasBlocked) memory.note(nameOf(phone, sender.address), blocked)
      if (word === 'START' && wasBlocked) memory.note(nameOf(phone, sender.address), lifted)
      // A second STOP is met with silence, and YES is only a word to someone who had not stopped.
      const silent = word === 'STOP' ? wasBlocked : word === 'START' && !wasBlocked
      return silent ? { word } : { word, answer: answers[word] }
    },
    isBlocked,
  }
}

const [lifted, blocked] = [0, 1]
const nameOf = (phone: Address, sender: Address) => `block ${phone} ${sender}`
