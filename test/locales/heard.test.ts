// What members text back: no command and no answer is a carrier's word or asks to stop, no two commands share a word,
// and each command is heard in its language and in English.
import { describe, expect, test } from 'vitest'
import { asksToStop, isReservedWord } from '../../src/conversation/hear/carrier_word.ts'
import { foldWords } from '../../src/conversation/hear/words.ts'
import type { Heard } from '../../src/conversation/heard.ts'
import { route } from '../../src/conversation/route/route.ts'
import { newSession } from '../../src/conversation/session.ts'
import { languages } from '../../src/coop/charter/charter.ts'
import { standardOptions } from '../../src/coop/votes/proposal_file.ts'
import { machine } from '../../src/messaging/machine.ts'
import { ofOne, spoken } from '../flows/coops.ts'
import { active } from '../flows/worlds.ts'
import { filesOf, lists, readWords, textsOf } from './files.ts'

const commandsOf = (language: (typeof languages)[number]): [string, readonly string[]][] =>
  Object.entries(readWords(language, 'commands')).map(([command, words]) => [
    command,
    Array.isArray(words) ? words : [],
  ])

describe.each(languages)('%s', (language) => {
  const names = filesOf(language)
    .filter((file) => !lists.has(file))
    .flatMap((file) =>
      [...textsOf(language, file)].filter(([path]) => path.includes('options.')).map(([, name]) => name),
    )
  const heard = [
    ...names,
    ...commandsOf(language).flatMap(([, words]) => words),
    ...standardOptions.map((each) => each[language] ?? ''),
  ]

  test.each([...new Set(heard)])('"%s" is ours', (name) => {
    for (const said of [name, `1 ${name}`, foldWords(name), name.toUpperCase(), `${name} 2`]) {
      expect(isReservedWord(said), said).toBe(false)
      for (const spokenIn of languages) expect(asksToStop(said, spokenIn), said).toBe(false)
    }
  })

  test('no word starts two commands, in this language or in English', () => {
    const words = new Map<string, string>()
    for (const [command, own] of [...commandsOf('en'), ...commandsOf(language)])
      for (const word of own.map(foldWords)) {
        expect(words.get(word) ?? command, word).toBe(command)
        words.set(word, command)
      }
  })

  test('every command has a word of its own, and 0 is the menu', () => {
    for (const [command, words] of commandsOf(language)) expect(words.length, command).toBeGreaterThan(0)
    expect(machine.vocabulary.commands(language).get('0')).toBe('menu')
  })
})

test.each([
  ['hi', 'मदद'],
  ['sw', 'MSAADA'],
  ['es', 'AYUDA'],
  ['fr', 'AIDE'],
] as const)('the plain word for help of %s leads to a human', (language, word) => {
  expect(machine.vocabulary.commands(language).get(foldWords(word))).toBe('ask')
})

describe.each(spoken)('$charter.id alone in $language', ({ charter, language }) => {
  const alone = ofOne(charter, language)
  const hear = (text: string) => {
    const heard: Heard = { text, attached: false }
    return route({ machine, charter: alone, session: newSession, standing: active, heard }).event
  }

  test.each([...commandsOf('en'), ...commandsOf(language)].filter(([command]) => command !== 'skip'))(
    '%s',
    (command, words) => {
      for (const word of words.filter((each) => each !== '0'))
        for (const said of [word, word.toLowerCase(), ` ${word}. `])
          expect(hear(said), said).toMatchObject({ event: 'started', flow: machine.commands[command]?.flow })
    },
  )
})
