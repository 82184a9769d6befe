// Digits of every script as ASCII 0-9, so that "१", "١", "１" and the keycap 1️⃣ are all the digit 1.
// It never touches anything but digits.

const beyondAscii = /[^\x00-\x7f]/
const digit = /\p{Nd}/u
const digits = /\p{Nd}/gu
const keycap = /(?<=[0-9])\ufe0f?\u20e3/g

/** The same text with every decimal digit written as 0-9. */
export function foldDigits(text: string): string {
  if (!beyondAscii.test(text)) return text
  return text.replace(digits, asAscii).replace(keycap, '')
}

// Filled as digits are met; Unicode has some seven hundred.
const known = new Map<string, string>()

function asAscii(written: string): string {
  const value = known.get(written) ?? valueOfDigit(written)
  known.set(written, value)
  return value
}

// Unicode lays each script's digits out as a run of ten from its zero, and runs that touch stay multiples of ten.
function valueOfDigit(written: string): string {
  const point = written.codePointAt(0) ?? 0
  let start = point
  while (digit.test(String.fromCodePoint(start - 1))) start--
  return String((point - start) % 10)
}

// Only what is glad or polite: a digit beside a thumb that points down, or a doubtful face, may mean its opposite.
const gladly = '👍👌🙏🤝👏🙌💪🙂😊😀😃😄😁❤♥💚💙💛💜✅✔☑💯🎉🌹🌸🌺🌻☺✌'
const emojiPart = String.raw`\p{Emoji_Modifier}|\u200d|\ufe0f`
const marks = String.raw`[\s.,;:!/)"'*${gladly}]|${emojiPart}`
const alone = new RegExp(String.raw`^[\s"'*#(]*(0|[1-9]\d?)(?:${marks})*$`, 'u')

const gladSign = new RegExp(`[${gladly}](?:${emojiPart})*`, 'gu')

/** The same text with a space for each glad sign: "304 👍" is "304  ". */
export const withoutGladSigns = (text: string): string =>
  beyondAscii.test(text) ? text.replace(gladSign, ' ') : text

/** The number that is the whole of a text: one or two digits in any script, perhaps with marks or a glad sign. */
export function bareNumber(said: string): number | undefined {
  const digits = alone.exec(foldDigits(said))?.[1]
  return digits === undefined ? undefined : Number(digits)
}
