// One JSON line per event. Whatever looks like an address is masked on its way out, as the last of several nets:
// no caller should hand one in.
import { fchmodSync, openSync } from 'node:fs'
import pino from 'pino'

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

// The carrier's ids of messages are hexadecimal and nobody's: an operator searches for them.
const numbers = /\b(?:SM|MM)[0-9a-f]{32}\b|\+?\d[\d ()-]{6,}\d/g
const blot = (found: string): string => (/^[SM]M/.test(found) ? found : '[number]')
const scopedIds = /\b[A-Z]{2}\.(?:ENT\.)?\d{6,}\b/g
/** The text with phone numbers and WhatsApp ids blotted out; instants and short numbers stay. */
export const mask = (text: string): string => text.replace(numbers, blot).replace(scopedIds, '[id]')

function maskAll(value: unknown): unknown {
  if (typeof value === 'string') return mask(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(maskAll)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Error)
    return { name: value.name, message: mask(value.message), code: Reflect.get(value, 'code') }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskAll(inner)]))
}

/** Writes to standard output, or to the given stream; `level` is pino's. */
export function openLog(level: string, stream?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: (entry) => maskAll(entry) as Record<string, unknown> },
  }
  return stream ? pino(options, stream) : pino(options)
}

/** A file to write the log to, for its owner only, also where it was there before. */
export function logFile(path: string): pino.DestinationStream {
  const fd = openSync(path, 'a', 0o600)
  fchmodSync(fd, 0o600)
  return pino.destination({ fd, sync: true })
}
