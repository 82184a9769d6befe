// The 24 hours after a person's last WhatsApp message in which a business may answer with free text.
// It knows pairs of phone and sender; SMS has no window.

import { type Address, channelOf } from '../coop/members/address.ts'

const WINDOW_MS = 24 * 60 * 60 * 1000

export interface Windows {
  open(phone: Address, sender: Address): void
  isOpen(phone: Address, sender: Address): boolean
}

/** Every WhatsApp window is closed at first. */
export function createWindows(now: () => Date): Windows {
  const opened = new Map<string, number>()
  return {
    open: (phone, sender) => {
      if (channelOf(phone) === 'whatsapp') opened.set(`${phone} ${sender}`, now().getTime())
    },
    isOpen: (phone, sender) => {
      if (channelOf(phone) === 'sms') return true
      const last = opened.get(`${phone} ${sender}`)
      return last !== undefined && now().getTime() - last < WINDOW_MS
    },
  }
}
