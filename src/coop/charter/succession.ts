// What a new version of a charter may not change, because members' consents and stored reports stand on it. It
// compares a charter with those of its co-op that were ever in force and says what it found in the later.
import type { Charter, Form, Purpose } from './charter.ts'
import type { Found, Path } from './yaml.ts'

/**
 * What a charter changes under the feet of what was recorded under any of the earlier ones: what one of them left out
 * and another brings back is what it was.
 */
export function successionRules(earlier: readonly Charter[], after: Charter): Found[] {
  const found = earlier.flatMap((before) => changed(before, after))
  return [...new Map(found.map((each) => [`${each.path.join('.')} ${each.message}`, each])).values()]
}

/** The forms and questions that a charter no longer has: what members reported by them stays, and is not exported. */
export const reportsLeftBy = (before: Charter, after: Charter): string[] =>
  before.forms.flatMap((old) => {
    const now = after.forms.find(({ id }) => id === old.id)
    if (!now) return [`form ${old.id}`]
    const gone = old.questions.filter(({ id }) => !now.questions.some((question) => question.id === id))
    return gone.map(({ id }) => `question ${id} of form ${old.id}`)
  })

const changed = (before: Charter, after: Charter): Found[] => [
  ...money(before, after),
  ...numbers(before, after),
  ...after.purposes.flatMap((purpose, at) => {
    const old = before.purposes.find(({ id }) => id === purpose.id)
    return old ? notice(old, purpose, ['purposes', at, 'notice']) : []
  }),
  ...after.forms.flatMap((form, at) => {
    const old = before.forms.find(({ id }) => id === form.id)
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
