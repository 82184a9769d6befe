import { expect, test } from 'vitest'
import { isOneOf, nothingWords, noWords, rightWords, yesWords } from '../../../src/conversation/hear/yes_no.ts'
import { languages } from '../../../src/coop/charter/charter.ts'

test.each(['Yep!', 'sure', 'haa', 'haan ji', 'ji', 'हा', 'हाँ जी', 'जी', 'bilkul', 'Eeh', 'naam', 'ouais'])(
  '%j is a yes in any language',
  (said) => {
    for (const language of languages) expect(isOneOf(yesWords(language), said), language).toBe(true)
  },
)

test('"si" is a yes in Spanish alone: in Swahili it is "not"', () => {
  expect(languages.filter((language) => isOneOf(yesWords(language), 'Sí'))).toEqual(['es'])
})

test.each(['ठीक', 'theek hai', 'thik hai sir', 'sawa sawa', 'poa', 'kweli', 'correcto', 'exact'])(
  '%j agrees with what she read',
  (said) => expect(isOneOf(rightWords, said)).toBe(true),
)

test.each([
  ...['नही', 'nhi', 'nai', 'nahi ji', 'galat hai', 'गलत है', 'ग़लत', 'faux', 'incorrecto'],
  ...['sio', 'siyo', 'sivyo', 'si sawa', 'Si sahihi', 'sikubali'],
])('%j is a no', (said) => {
  expect(isOneOf(noWords, said)).toBe(true)
  for (const language of languages) expect(isOneOf([...yesWords(language), ...rightWords], said)).toBe(false)
})

test.each(['kuch nahi', 'कुछ नहीं', 'koi nahi', 'bila', 'sina', 'ninguno', 'aucun'])('%j is nothing', (said) =>
  expect(isOneOf(nothingWords, said)).toBe(true),
)
