// The dialogue that every sender of the load walks half of: a stranger joins and gives a consent, a member reports and
// votes. It says what is sent and which of the sender's own values must come back; the words come from `texts.ts`.

export type Channel = 'sms' | 'whatsapp'

/** One sender, whose values all follow from her number. */
export interface Person {
  readonly n: number
  readonly channel: Channel
  /** Her number as the carrier writes it. */
  readonly phone: string
  readonly hours: number
  readonly costs: number
  /** What an hour brings her: the figure that she hears back. */
  readonly rate: number
  readonly option: 1 | 2 | 3
}

/** What a reply holds of its sender or of the moment. */
export type Gap = 'when' | 'number' | 'receipt' | 'figure' | 'option'

interface Step {
  readonly send: (person: Person) => string
  readonly gaps: readonly Gap[]
}

/** Each step is named after its reply. */
export const steps = {
  welcome: { send: () => 'hi', gaps: [] },
  about: { send: () => '1', gaps: [] },
  joined: { send: () => '1', gaps: ['number'] },
  notice: { send: () => 'ON 1', gaps: [] },
  given: { send: () => '1', gaps: ['receipt'] },
  hours: { send: () => 'SHIFT', gaps: [] },
  fares: { send: ({ hours }) => String(hours), gaps: [] },
  costs: { send: (person) => String(faresOf(person)), gaps: [] },
  offer: { send: ({ costs }) => String(costs), gaps: [] },
  kept: { send: () => '1', gaps: ['when', 'figure'] },
  kept_line: {
    send: (person) => `${person.hours} ${faresOf(person)} ${person.costs}`,
    gaps: ['when', 'figure'],
  },
  ballot: { send: () => 'VOTE', gaps: ['when'] },
  counted: { send: ({ option }) => String(option), gaps: ['option', 'when'] },
} as const satisfies Record<string, Step>

export type StepName = keyof typeof steps
export const stepNames = Object.keys(steps) as StepName[]

/** All that she was paid: her costs, and the figure for each hour. */
export const faresOf = ({ hours, rate, costs }: Person): number => hours * rate + costs

/** The first half, walked by strangers. */
export const joining: readonly StepName[] = ['welcome', 'about', 'joined']
export const firstHalf: readonly StepName[] = [...joining, 'notice', 'given']

/** The second half, walked by members: half of them report in one line, the others question by question. */
export const secondHalfOf = ({ n }: Person): readonly StepName[] => [
  ...(n % 4 < 2 ? reportInOneLine : reportByQuestions),
  'ballot',
  'counted',
]
const reportInOneLine: readonly StepName[] = ['kept_line']
const reportByQuestions: readonly StepName[] = ['hours', 'fares', 'costs', 'offer', 'kept']

/** The sender with this number: odd ones write by WhatsApp. */
export const personAt = (n: number): Person => ({
  n,
  channel: n % 2 === 0 ? 'sms' : 'whatsapp',
  phone: `+4477${String(n).padStart(8, '0')}`,
  hours: 1 + (n % 10),
  costs: 50 * (n % 20),
  rate: 50 + ((n * 7) % 400),
  option: ((n % 3) + 1) as Person['option'],
})

/** `count` senders from this number on. */
export const peopleFrom = (first: number, count: number): Person[] =>
  Array.from({ length: count }, (_, at) => personAt(first + at))
