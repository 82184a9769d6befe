// What a new version of a charter may not change, because members' consents and stored reports stand on it. It
// compares a charter with those of its co-op that were ever in force and says what it found in the later.
import type { Charter, Form, Purpose } from './charter.ts'
import type { Found, Path } from './yaml.ts'

/**
 * What a charter changes under the feet of what was recorded under the earlier ones, the oldest first: what one of them
 * left out and another brings back is as it was last.
 */
export function successionRules(earlier: readonly Charter[], after: Charter): Found[] {
  const [first, ...others] = earlier
  return first ? changed(others.reduce(withLost, first), after) : []
}

/** A charter together with what the ones before it had and it has not. */
function withLost(before: Charter, now: Charter): Charter {
  const lost = before.forms.filter(({ id }) => !has(now.forms, id))
  const purposes = now.purposes.map((purpose) => withLostWords(ofId(before.purposes, purpose.id), purpose))
  return {
    ...now,
    purposes,
    forms: [...now.forms.map((form) => withLostFields(ofId(before.forms, form.id), form)), ...lost],
  }
}

function withLostWords(before: Purpose | undefined, now: Purpose): Purpose {
  if (before?.notice.version !== now.notice.version) return now
  return { ...now, notice: { ...now.notice, text: { ...before.notice.text, ...now.notice.text } } }
}

const withLostFields = (before: Form | undefined, now: Form): Form => ({
  ...now,
  questions: [...now.questions, ...(before?.questions.filter(({ id }) => !has(now.questions, id)) ?? [])],
  figures: [...now.figures, ...(before?.figures.filter(({ id }) => !has(now.figures, id)) ?? [])],
})

const ofId = <T extends { readonly id: string }>(all: readonly T[], id: string): T | undefined =>
  all.find((each) => each.id === id)
const has = (all: readonly { readonly id: string }[], id: string): boolean => ofId(all, id) !== undefined

/** The forms and questions that a charter no longer has: what members reported by them stays, and is not exported. */
export const reportsLeftBy = (before: Charter, after: Charter): string[] =>
  before.forms.flatMap((old) => {
    const now = ofId(after.forms, old.id)
    if (!now) return [`form ${old.id}`]
    const gone = old.questions.filter(({ id }) => !has(now.questions, id))
    return gone.map(({ id }) => `question ${id} of form ${old.id}`)
  })

/** Whether members would know neither the word nor any number: more likely another co-op under the same id. */
export const isAnother = (before: Charter, after: Charter): boolean =>
  before.word !== after.word &&
  !before.senders.some(({ address }) => after.senders.some((sender) => sender.address === address))

const changed = (before: Charter, after: Charter): Found[] => [
  ...money(before, after),
  ...numbers(before, after),
  ...after.purposes.flatMap((purpose, at) => {
    const old = ofId(before.purposes, purpose.id)
    return old ? notice(old, purpose, ['purposes', at, 'notice']) : []
  }),
  ...after.forms.flatMap((form, at) => {
    const old = ofId(before.forms, form.id)
    return old ? scales(old, form, ['forms', at]) : []
  }),
]

function money(before: Charter, after: Charter): Found[] {
  return (['currency', 'currency_digits'] as const)
    .filter((field) => before[field] !== after[field])
    .map((field) => ({
      path: [field],
      message: `was ${before[field]}; reports are stored in it, so it cannot change`,
    }))
}

// Members switch a purpose by its number, also from a notice that they read long ago; and whoever has said yes to one
// must be able to switch it off.
const numbers = (before: Charter, after: Charter): Found[] =>
  before.purposes.flatMap(({ id }, at) => {
    const now = after.purposes.findIndex((each) => each.id === id)
    if (now === at) return []
    const told = `"${id}" is number ${at + 1} to members, who text OFF ${at + 1}`
    return now < 0
      ? [{ path: ['purposes'], message: `${told}; keep it there, with \`retired: true\` where it is used no more` }]
      : [{ path: ['purposes', now], message: `${told}; keep it in its place, and put new ones at the end` }]
  })

// A consent is a yes to the words of one version: other words need another number, so that members are asked again.
function notice({ notice: old }: Purpose, { notice: now }: Purpose, path: Path): Found[] {
  if (now.version < old.version) {
    return [{ path: [...path, 'version'], message: `was ${old.version} already; a version never goes back` }]
  }
  if (now.version > old.version) return []
  return Object.entries(now.text)
    .filter(([language, text]) => Object.entries(old.text).some(([own, was]) => own === language && was !== text))
    .map(([language]) => ({
      path: [...path, 'text', language],
      message: `changed; give the notice version ${old.version + 1}, so that members are asked again`,
    }))
}

function scales(old: Form, now: Form, path: Path): Found[] {
  if (old.key.join() !== now.key.join()) {
    return [{ path: [...path, 'key'], message: `was [${old.key.join(', ')}]; give the form a new id to change it` }]
  }
  return (['questions', 'figures'] as const).flatMap((list) =>
    now[list].flatMap((field, at) => {
      const same = [...old.questions, ...old.figures].find(({ id }) => id === field.id)
      if (!same || scaleOf(same) === scaleOf(field)) return []
      return [
        {
          path: [...path, list, at],
          message: `"${field.id}" was ${scaleOf(same)}; give it a new id to change that`,
        },
      ]
    }),
  )
}

function scaleOf(field: Form['questions'][number] | Form['figures'][number]): string {
  return field.type === 'number' ? `a number with ${field.decimals} decimals` : field.type
}
