// The fingerprint of the words that a member said yes to, in one form, as the ledger keeps it.
import { createHash } from 'node:crypto'
import type { Language, Purpose } from './charter.ts'

/** The exact text of a purpose's notice in a language, before anything is folded for SMS. */
export function noticeText(purpose: Purpose, language: Language): string {
  const text = purpose.notice.text[language]
  if (text === undefined) throw new Error(`The notice of purpose "${purpose.id}" has no text in "${language}"`)
  return text
}

/**
 * SHA-256, in hex, of five lines in UTF-8: `coopline notice`, the purpose's id, the notice's version, the language,
 * and the text in Unicode's form NFC.
 */
export function noticeHash(purpose: Purpose, language: Language): string {
  const { version } = purpose.notice
  const text = noticeText(purpose, language).normalize('NFC')
  return sha256(['coopline notice', purpose.id, version, language, text].join('\n'))
}

/** SHA-256, in hex, of a charter's file, whatever its line ends. */
export const charterHash = (source: string): string => sha256(source.replaceAll('\r\n', '\n'))

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
