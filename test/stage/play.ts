// Plays a dialogue on a stage and writes it down anew: the lines of its author as they stand, and after each what the bot
// said and what was established. Whoever compares it with the file knows whether the file still tells the truth.
import { countSegments } from '../../src/messaging/speak/segments.ts'
import { direct } from './directions.ts'
import { type FactLine, factsBetween } from './records.ts'
import { enter, look, openScene, personIn, type Scene, sayAs } from './scene.ts'
import { curtain } from './scenery.ts'
import { type Line, readScript } from './script.ts'
import type { Stage, Told } from './stage.ts'

const minuteMs = 60_000

/** Members have joined an hour before the first line. */
export const beforehand = curtain - 60 * minuteMs

/** The dialogue as it went. */
export async function play(source: string, stage: Stage): Promise<string> {
  const scene = openScene(stage)
  const written: string[] = []
  for (const line of readScript(source)) {
    written.push(line.source)
    try {
      written.push(...(await playLine(scene, line)))
    } catch (error) {
      throw new Error(`line ${line.at}, "${line.source}": ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
  }
  return `${written.join('\n')}\n`
}

async function playLine(scene: Scene, line: Line): Promise<string[]> {
  if (line.kind === 'remark') return []
  if (line.kind === 'cast') {
    await enter(scene, line.person)
    return []
  }
  const { stage } = scene
  if (stage.now() < curtain) await stage.pass(curtain - stage.now())
  await look(scene)
  const told = line.kind === 'stage' ? await direct(scene, line.direction) : await say(scene, line)
  const speaker = line.kind === 'says' ? line.name : line.direction.split(' ')[0]
  return [...(await factLines(scene, speaker)), ...toldLines(scene, told)]
}

async function say(scene: Scene, line: Extract<Line, { kind: 'says' }>): Promise<Told[]> {
  const person = personIn(scene, line.name)
  const told = await sayAs(scene, { person, channel: line.channel ?? person.channel }, { text: line.text })
  return [...told, ...(await scene.stage.pass(minuteMs))]
}

async function factLines(scene: Scene, speaker: string | undefined): Promise<string[]> {
  const before = await look(scene)
  const facts = factsBetween(before, scene.picture, (member, id) => {
    const person = scene.people.get(scene.owners.get(member) ?? '')
    const charter = person && scene.stage.charterOf(person.coop)
    const form = charter?.forms.find((each) => each.id === id)
    return charter && form && { form, digits: charter.currency_digits }
  })
  return facts.filter((fact) => !isHidden(scene, fact)).map((fact) => factLine(scene, fact, speaker))
}

const isHidden = ({ owners, people }: Scene, { member }: FactLine): boolean =>
  people.get(owners.get(member ?? 0) ?? '')?.hidden ?? false

function factLine(scene: Scene, { member, said }: FactLine, speaker: string | undefined): string {
  const owner = scene.owners.get(member ?? 0)
  const whose = owner === undefined || owner === speaker ? '' : ` (${owner})`
  return `  * ${plain(scene, said)}${whose}`
}

function toldLines(scene: Scene, told: readonly Told[]): string[] {
  const seen = told.filter(({ to }) => !to.person.hidden)
  const order = [...scene.people.keys()]
  const placed = seen.toSorted(
    (one, other) =>
      Number(one.how === 'begun') - Number(other.how === 'begun') ||
      (one.how === 'begun' ? order.indexOf(one.to.person.name) - order.indexOf(other.to.person.name) : 0),
  )
  const groups = Map.groupBy(placed, (each) => `${headOf(scene, each)} ${each.text}`)
  return [...groups.values()].flatMap(([first, ...more]) => (first ? toldLine(scene, first, more.length + 1) : []))
}

function toldLine(scene: Scene, told: Told, times: number): string[] {
  const notes = [times > 1 && `${times} times`, segmentsNote(told), !told.delivered && 'not delivered'].filter(
    (note) => typeof note === 'string',
  )
  const note = notes.length > 0 ? ` (${notes.join(', ')})` : ''
  const [line = '', ...more] = plain(scene, told.text).split('\n')
  return [`${headOf(scene, told)}${note}> ${line}`, ...more.map((each) => `     ${each}`)]
}

function headOf(scene: Scene, { to: { person, channel }, how }: Told): string {
  if (how === 'answer' && scene.last?.person === person) return 'bot'
  return `bot to ${person.name}${channel === person.channel ? '' : ` by ${channel}`}`
}

// One segment, two where the script is one that GSM-7 lacks: what costs more is said, and four are too many for anyone.
function segmentsNote({ to, text }: Told): string | false {
  if (to.channel === 'whatsapp') return false
  const { segments, encoding } = countSegments(text)
  if (segments > mostSegments) throw new Error(`This takes ${segments} segments, ${mostSegments} at most: ${text}`)
  return segments > (encoding === 'UCS-2' ? 2 : 1) && `${segments} segments`
}
const mostSegments = 4

/** Receipts are drawn, and numbers have gaps: here they are blank, and count from 101. */
function plain({ owners }: Scene, text: string): string {
  const blank = text.replaceAll(/\b([CW])-[A-Z2-9]{6}\b/g, '$1-______')
  const numbers = [...owners.keys()].toSorted((one, other) => one - other)
  return blank.replaceAll(/(?<![\d.,:+-])\d+(?![\d.,:]*\d)/g, (digits) => {
    const at = numbers.indexOf(Number(digits))
    return at < 0 || digits.length < 3 ? digits : String(101 + at)
  })
}
