// Asks the carrier once whether it takes our API key, as whoever sets it up wants to know. It sends nothing and keeps
// nothing; of the auth token it learns nothing, since requests are signed in with the key.

import { CarrierRefusal, type CarrierSettings, connect } from './rest.ts'

export type Access =
  | { readonly access: 'granted' }
  | { readonly access: 'refused'; readonly status: number; readonly code: number | undefined }
  /** Nothing answered; why, in a few words. */
  | { readonly access: 'silence'; readonly why: string }
  /** Something answered that is not the carrier. */
  | { readonly access: 'stranger' }

/** Asks for the list of our messages, as the search for an unclear send does; resolves whatever comes of it. */
export async function askAccess(settings: CarrierSettings): Promise<Access> {
  const { messages } = await connect(settings)
  try {
    await messages.list({ limit: 1, pageSize: 1 })
    return { access: 'granted' }
  } catch (error) {
    if (error instanceof CarrierRefusal) return { access: 'refused', status: error.status, code: error.code }
    const network = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (network === undefined) return { access: 'stranger' }
    return { access: 'silence', why: network === 'ERR_CANCELED' ? `${settings.timeoutMs} ms are over` : network }
  }
}
