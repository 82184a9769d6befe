// What has been established, as it is kept: the same picture from both stages. The facts of a dialogue are what one line
// changed in it; a fact that was never recorded is none.

import type { Form, Words } from '../../src/coop/charter/charter.ts'
import { dayOfKey } from '../../src/coop/reports/key.ts'
import { decimalsOf } from '../../src/coop/reports/scale.ts'
import type { Values } from '../../src/coop/reports/values.ts'
import type { Outcome } from '../../src/coop/votes/tally.ts'

export interface Records {
  readonly members: readonly {
    readonly number: number
    /** Whose addresses it has. */
    readonly person: string | null
    readonly state: 'invited' | 'active' | 'left' | 'erased'
    readonly language: string
    readonly suppressed: boolean
    readonly erasureAsked: boolean
    /** How many of her addresses the carrier has blocked. */
    readonly blocked: number
  }[]
  /** Addresses of nobody yet that the carrier has blocked. */
  readonly strangersBlocked: number
  readonly consents: readonly {
    readonly member: number
    readonly n: number
    readonly action: string
    readonly purpose: string
    readonly version: number
    readonly language: string
  }[]
  readonly reports: readonly {
    readonly member: number
    readonly form: string
    readonly key: string
    readonly version: number
    readonly values: Values
  }[]
  readonly ballots: readonly {
    readonly member: number
    readonly proposal: string
    readonly option: number
    readonly castAt: number
  }[]
  readonly votes: readonly {
    readonly slug: string
    readonly options: readonly Words[]
    readonly status: 'notice' | 'open' | 'closed'
    readonly roll: number
    readonly outcome: Outcome | null
  }[]
}

/** Before anything has been established. */
export const nothing: Records = {
  ...{ members: [], strangersBlocked: 0, consents: [], reports: [], ballots: [], votes: [] },
}

/** A fact in short, and whose it is where it is one member's. */
export interface FactLine {
  readonly member?: number
  readonly said: string
}

type Forms = (member: number, form: string) => { readonly form: Form; readonly digits: number } | undefined

/** What was established between two pictures, in a fixed order. */
export function factsBetween(before: Records, after: Records, forms: Forms): FactLine[] {
  return [
    ...memberFacts(before, after),
    ...strangerFacts(before, after),
    ...consentFacts(before, after),
    ...reportFacts(before, after, forms),
    ...ballotFacts(before, after),
    ...voteFacts(before, after),
  ]
}

type Member = Records['members'][number]
const unknown: Member = {
  ...{ number: 0, person: null, state: 'left', language: '', suppressed: false },
  ...{ erasureAsked: false, blocked: 0 },
}

function memberFacts(before: Records, after: Records): FactLine[] {
  return after.members.flatMap((now) => {
    const was = before.members.find(({ number }) => number === now.number)
    return changesOf(was ?? { ...unknown, language: now.language }, now).map((said) => ({
      member: now.number,
      said,
    }))
  })
}

function changesOf(was: Member, now: Member): string[] {
  if (now.state === 'erased') return was.state === 'erased' ? [] : [`member_erased ${now.number}`]
  return [
    was.state !== now.state && stateFact(now),
    was.language !== now.language && `language_chosen ${now.language}`,
    !was.erasureAsked && now.erasureAsked && 'erasure_asked',
    was.erasureAsked && !now.erasureAsked && 'erasure_taken_back',
    silenceFact(was, now),
  ].filter((said) => said !== false)
}

const stateFact = ({ state, number, language }: Member): string =>
  state === 'active'
    ? `member_joined ${number}, language ${language}`
    : `member_${state === 'invited' ? 'invited' : 'left'} ${number}`

function silenceFact(was: Member, now: Member): string | false {
  const carrier = now.blocked - was.blocked
  if (now.suppressed && !was.suppressed) return carrier > 0 ? 'opted_out, blocked by the carrier' : 'opted_out'
  if (!now.suppressed && was.suppressed) return carrier < 0 ? 'opted_in, unblocked by the carrier' : 'opted_in'
  if (carrier === 0) return false
  return carrier > 0 ? 'opted_out, blocked by the carrier' : 'opted_in, unblocked by the carrier'
}

function strangerFacts(before: Records, after: Records): FactLine[] {
  const more = after.strangersBlocked - before.strangersBlocked
  if (more === 0) return []
  return [{ said: more > 0 ? 'opted_out, blocked by the carrier' : 'opted_in, unblocked by the carrier' }]
}

const consentFacts = (before: Records, after: Records): FactLine[] =>
  after.consents
    .filter((each) => !before.consents.some(({ member, n }) => member === each.member && n === each.n))
    .map(({ member, action, purpose, version, language }) => ({
      member,
      said: `consent_${action} ${purpose}, notice ${version} in ${language}`,
    }))

type Report = Records['reports'][number]
const sameReport = (one: Report) => (other: Report) =>
  one.member === other.member && one.form === other.form && one.key === other.key && one.version === other.version

function reportFacts(before: Records, after: Records, forms: Forms): FactLine[] {
  const made = after.reports.filter((each) => !before.reports.some(sameReport(each)))
  const undone = before.reports.filter((each) => !after.reports.some(sameReport(each)))
  return [
    ...made.map((each) => ({ member: each.member, said: `report_made ${named(each)}: ${valuesOf(each, forms)}` })),
    ...undone
      .filter(({ member }) => after.members.some((each) => each.number === member && each.state === 'active'))
      .map((each) => ({ member: each.member, said: `report_undone ${named(each)}` })),
  ]
}

const named = ({ form, key, version }: Report): string =>
  `${form} ${key}${version > 1 ? `, version ${version}` : ''}`

function valuesOf({ member, form, key, values }: Report, forms: Forms): string {
  const known = forms(member, form)
  // Postgres keeps them in an order of its own.
  const order = known?.form.questions.map(({ id }) => id) ?? []
  return Object.entries(values)
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .filter(([id, value]) => id !== 'day' || value !== dayOfKey(key))
    .map(([id, value]) => `${id} ${typeof value === 'number' && known ? unscaled(known, id, value) : value}`)
    .join(', ')
}

function unscaled({ form, digits }: NonNullable<ReturnType<Forms>>, id: string, value: number): number {
  const question = form.questions.find((each) => each.id === id)
  if (question?.type !== 'number' && question?.type !== 'money') return value
  return value / 10 ** decimalsOf(question, { currency_digits: digits })
}

const ballotFacts = (before: Records, after: Records): FactLine[] =>
  after.ballots
    .filter((each) => {
      const was = before.ballots.find((other) => other.member === each.member && other.proposal === each.proposal)
      return was?.castAt !== each.castAt || was.option !== each.option
    })
    .map(({ member, proposal, option }) => ({
      member,
      said: `ballot_cast ${proposal}, ${Object.values(optionsOf(after, proposal)[option - 1] ?? {})[0]}`,
    }))

const optionsOf = ({ votes }: Records, slug: string): readonly Words[] =>
  votes.find((vote) => vote.slug === slug)?.options ?? []

function voteFacts(before: Records, after: Records): FactLine[] {
  return after.votes.flatMap((now): FactLine[] => {
    const was = before.votes.find(({ slug }) => slug === now.slug)
    if (was?.status === now.status) return []
    if (!now.outcome)
      return [{ said: `proposal_${now.status === 'open' ? 'opened' : 'announced'} ${now.slug}, roll ${now.roll}` }]
    const { turnout, roll, result } = now.outcome
    if (result === 'withdrawn') return [{ said: `proposal_withdrawn ${now.slug}` }]
    return [
      { said: `proposal_closed ${now.slug}, turnout ${turnout}/${roll}, outcome ${result.replace('_', ' ')}` },
    ]
  })
}
