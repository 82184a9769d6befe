// Reads a dialogue: who is in it, what they send, what happens on the stage. It keeps every line as it stands but for the
// bot's and the facts, which are expectations and are written anew by whoever plays it.
import { type Language, languages } from '../../src/coop/charter/charter.ts'
import type { Channel } from '../../src/coop/members/address.ts'
import type { Person } from './stage.ts'

export type Line = { readonly at: number; readonly source: string } & (
  | { readonly kind: 'remark' }
  | { readonly kind: 'cast'; readonly person: Newcomer }
  | { readonly kind: 'says'; readonly name: string; readonly channel?: Channel; readonly text: string }
  | { readonly kind: 'stage'; readonly direction: string }
)

/** Somebody as her line says who she is. */
export type Newcomer = Omit<Person, 'hidden' | 'phone' | 'id'> & {
  /** Whether her WhatsApp shows a number. */
  readonly numbered: boolean
}

const remark = /^(#.*)?$/
const cast =
  /^([a-z]+) is an? (member|stranger|invited member) by (sms|whatsapp)( without a number)?(?:, language ([a-z]{2}))?(?:, co-op ([a-z]+))?$/
const says = /^([a-z]+)(?: by (sms|whatsapp))?> ?(.*)$/
const stage = /^-- (.+)$/
// What the bot says goes on in lines that are set in.
const expected = /^(bot\b[^>]*>|\s+\S)/

/** The lines of a dialogue without what is expected. Throws at the first line that is none. */
export function readScript(source: string): Line[] {
  if (!/^# \S.*\.\s/.test(source.replaceAll('\n# ', ' ')))
    throw new Error('A dialogue opens with "# " and a sentence that says what it shows')
  return source
    .trimEnd()
    .split('\n')
    .flatMap((line, at): Line[] => (expected.test(line) ? [] : [readLine(line, at + 1)]))
}

function readLine(source: string, at: number): Line {
  if (remark.test(source)) return { at, source, kind: 'remark' }
  const direction = stage.exec(source)?.[1]
  if (direction !== undefined) return { at, source, kind: 'stage', direction }
  const member = cast.exec(source)
  if (member) return { at, source, kind: 'cast', person: personOf(member) }
  const [, name, channel, text] = says.exec(source) ?? []
  if (name === undefined || text === undefined)
    throw new Error(
      `Line ${at} is none of a dialogue: "${source}". Write "amina> 1", "-- 2 days later" or "# why".`,
    )
  const said = { name, text: text.replaceAll('\\n', '\n') }
  return { at, source, kind: 'says', ...said, ...(isChannel(channel) && { channel }) }
}

const isChannel = (text: string | undefined): text is Channel => text === 'sms' || text === 'whatsapp'
const isKind = (text: string | undefined): text is Person['kind'] =>
  text === 'member' || text === 'stranger' || text === 'invited member'

function personOf([line, name = '', kind, channel, unnumbered, code = 'en', coop = 'drivers']: RegExpExecArray) {
  const language: Language | undefined = languages.find((each) => each === code)
  if (!isKind(kind) || !isChannel(channel) || !language)
    throw new Error(`"${line}" names a language that we have no words in`)
  return { name, kind, channel, language, coop, numbered: unnumbered === undefined }
}
