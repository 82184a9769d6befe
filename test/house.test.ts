// Holds the house to its plan: imports go one way, pure rooms stay pure, and nothing grows out of reading.
import { describe, expect, test } from 'vitest'
import { flows } from '../flows/index.ts'
import { readTiming } from '../src/timing.ts'
import { functionsOf, type Import, type SourceFile, sources } from './house.ts'

const code = [...sources('src/**/*.ts'), ...sources('flows/*.ts')]
const everything = [...code, ...sources('migrations/*.ts'), ...sources('test/**/*.ts')]

// What a room may import from, beside itself: never a room that stands on it.
const leaves = ['src/log.ts', 'src/timing.ts', 'src/failpoint.ts']
const below: Record<string, readonly string[]> = {
  store: [],
  conversation: ['coop'],
  coop: ['store', 'conversation'],
  twilio: ['coop'],
  messaging: ['twilio', 'coop', 'store', 'conversation', 'flows'],
  exchange: ['messaging', 'twilio', 'coop', 'store', 'conversation', 'flows'],
  flows: ['conversation', 'coop'],
  carrier: ['twilio', 'coop'],
  commands: ['carrier', 'exchange', 'messaging', 'twilio', 'coop', 'store', 'conversation', 'flows', 'commands'],
}

const roomOf = (name: string): string | undefined =>
  name.startsWith('flows/') ? 'flows' : /^src\/([^/]+)\//.exec(name)?.[1]

function strays(file: SourceFile): string[] {
  const room = roomOf(file.name)
  if (!room) return []
  return file.imports
    .filter((each) => !mayImport(room, file, each))
    .map(({ from }) => `${file.name} imports ${from}`)
}

function mayImport(room: string, file: SourceFile, { from, typeOnly }: Import): boolean {
  const target = roomOf(from)
  if (target === room || !/^(src|flows|locales)\//.test(from)) return true
  if (target === undefined)
    return leaves.includes(from) || (from === 'src/config.ts' && hasSettings(room, typeOnly))
  // The schema joins the rooms' tables: types, and nothing that runs.
  if (file.name === 'src/store/schema.ts') return typeOnly
  return below[room]?.includes(target) ?? false
}

const hasSettings = (room: string, typeOnly: boolean): boolean =>
  room === 'commands' || room === 'exchange' || (typeOnly && room === 'store')

test('imports go one way, and nothing imports main', () => {
  expect(code.flatMap(strays)).toEqual([])
  expect(code.filter((file) => file.imports.some(({ from }) => from === 'src/main.ts'))).toEqual([])
})

test('the co-op knows of the conversation what is heard and what is said, and not how it goes on', () => {
  const ofTheConversation = /^src\/conversation\/(?!hear\/|reply\.ts$)/
  const known = code.filter(({ name }) => name.startsWith('src/coop/')).flatMap(({ imports }) => imports)
  expect(known.map(({ from }) => from).filter((from) => ofTheConversation.test(from))).toEqual([])
})

describe('pure rooms', () => {
  // Sealing needs keys and chance: it is the one thing of the co-op, beside its queries, that is not pure.
  const impure = /^src\/coop\/.*(?:queries|contact_keys)\.ts$/
  const pure = code.filter(
    (file) => /^(src\/conversation|src\/coop|flows)\//.test(file.name) && !impure.test(file.name),
  )
  const packages = new Set([
    'zod',
    'yaml',
    'libphonenumber-js/min',
    'csv-stringify/sync',
    'csv-parse/sync',
    'node:crypto',
  ])

  test('import only pure files', () => {
    const names = new Set(pure.map(({ name }) => name))
    const wrong = pure.flatMap((file) =>
      file.imports
        .filter(({ from, typeOnly }) => !typeOnly && !names.has(from) && !packages.has(from))
        .map(({ from }) => `${file.name} imports ${from}`),
    )
    expect(wrong).toEqual([])
  })

  test('ask no clock, no chance and no environment', () => {
    const forbidden = /\bDate\.now\(|new Date\(\)|Math\.random|performance\.now|process\.|randomBytes|randomUUID/
    const wrong = pure.flatMap((file) =>
      file.lines.flatMap((line, at) => (forbidden.test(line) ? [`${file.name}:${at + 1}`] : [])),
    )
    expect(wrong).toEqual([])
  })
})

test("only config.ts reads the environment, and Twilio's names stop at its door", () => {
  const reads = code.filter(
    ({ name, lines }) => name !== 'src/config.ts' && lines.some((line) => /process\.env/.test(line)),
  )
  expect(reads.map(({ name }) => name)).toEqual([])
  const twilio = /\b(?:MessageSid|ButtonPayload|OptOutType|ProfileName|NumMedia|StatusCallback)\b/
  const outside = code.filter(
    ({ name, lines }) =>
      !/^src\/(twilio|carrier)\//.test(name) &&
      lines.some((line) => !/^\s*(\/\/|\*|\/\*)/.test(line) && twilio.test(line)),
  )
  expect(outside.map(({ name }) => name)).toEqual([])
})

test('every wait that can be set is waited somewhere', () => {
  const text = code.map(({ lines }) => lines.join('\n')).join('\n')
  const taken = [...text.matchAll(/\{([^{}]*)\}(?:: Timing\b| = [\w.]*\btiming\b)/g)].map(([, names]) => names)
  const isRead = (wait: string) =>
    new RegExp(`\\btiming\\.${wait}\\b`).test(text) ||
    taken.some((names) => new RegExp(`\\b${wait}\\b`).test(names ?? ''))
  const waits = Object.keys(readTiming({}).timing)
  expect(waits.filter((wait) => !isRead(wait))).toEqual([])
})

describe('sizes', () => {
  test('files stay under 250 lines, lines under 120 columns', () => {
    const long = everything.filter(({ name, lines }) => lines.length > 250 && !/\.test\.ts$/.test(name))
    expect(long.map(({ name, lines }) => `${name} has ${lines.length} lines`)).toEqual([])
    const wide = code.flatMap(({ name, lines }) =>
      lines.flatMap((line, at) => (line.length > 120 ? [`${name}:${at + 1}`] : [])),
    )
    expect(wide).toEqual([])
  })

  test('functions stay under 40 lines', () => {
    const long = code
      .flatMap((file) => functionsOf(file).map((each) => ({ ...each, name: file.name })))
      .filter(({ length }) => length > 40)
    expect(long.map(({ name, line, length }) => `${name}:${line} has ${length} lines`)).toEqual([])
  })

  test('a flow is a file of its name, of 10 to 40 lines: what it decides by lies beside it', () => {
    const wrong = Object.values(flows).flatMap(({ name }) => {
      const length = code.find((file) => file.name === `flows/${name}.ts`)?.lines.length ?? 0
      return length < 10 || length > 40 ? [`flows/${name}.ts has ${length} lines`] : []
    })
    expect(wrong).toEqual([])
  })

  test('every file opens with what it is', () => {
    expect(code.filter(({ lines }) => !/^(\/\/|\/\*\*|#!)/.test(lines[0] ?? '')).map(({ name }) => name)).toEqual(
      [],
    )
  })

  test('no room is called what says nothing', () => {
    const vague = /(^|\/)(utils?|helpers?|common|lib|types?|misc|shared)(\/|\.ts$)/
    expect(everything.map(({ name }) => name).filter((name) => vague.test(name))).toEqual([])
  })
})
