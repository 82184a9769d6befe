// What a form of a charter must keep beyond its shape: its questions, key, checks, figures and insight name each
// other, and its ranges can be kept in whole numbers.
import { decimalsOf, measureOf } from '../reports/scale.ts'
import type { Charter, ChoiceQuestion, Figure, Form, Measure, Question } from './charter.ts'
import { optionRules } from './option_rules.ts'
import type { Found, Path } from './yaml.ts'

/** Every rule that spans several fields of a form. */
export const formRules = (charter: Charter, form: Form, path: Path): Found[] => [
  ...purposeRule(charter, form, path),
  ...holdRule(form, path),
  ...repeated(
    [...form.questions, ...form.figures].map(({ id }) => id),
    path,
    'id',
    (at) => placeOf(form, at),
  ),
  ...form.questions.flatMap((question, at) => questionRules(charter, form, question, [...path, 'questions', at])),
  ...orderRule(form, path),
  ...keyRules(form, path),
  ...checkRules(form, path),
  ...form.figures.flatMap((figure, at) => figureRules(form, figure, at, [...path, 'figures', at])),
  ...insightRules(form, path),
]

/** Every value that stands in a list a second time. */
export function repeated(
  values: readonly string[],
  path: Path,
  field?: string,
  place: (at: number) => Path = (at) => [at],
): Found[] {
  return values.flatMap((value, at) =>
    values.indexOf(value) === at
      ? []
      : [{ path: [...path, ...place(at), ...(field ? [field] : [])], message: `"${value}" stands here twice` }],
  )
}

const placeOf = ({ questions }: Form, at: number): Path =>
  at < questions.length ? ['questions', at] : ['figures', at - questions.length]

const holdRule = ({ hold }: Form, path: Path): Found[] =>
  hold > 0
    ? []
    : [{ path: [...path, 'hold'], message: 'hold a report for a minute at least: UNDO works until then' }]

function purposeRule(charter: Charter, form: Form, path: Path): Found[] {
  const purpose = charter.purposes.find(({ id }) => id === form.purpose)
  if (purpose && !purpose.retired) return []
  const lacks = purpose ? 'is retired: no new report would count' : 'is no purpose of this charter'
  return [{ path: [...path, 'purpose'], message: `"${form.purpose}" ${lacks}` }]
}

function questionRules(charter: Charter, form: Form, question: Question, path: Path): Found[] {
  if ((question.type === 'day') !== (question.id === 'day')) {
    return [{ path: [...path, 'id'], message: 'the question of the day, and no other, has the id "day"' }]
  }
  if (question.type === 'day') return []
  if (question.type === 'choice') return choiceRules(question, path)
  return [...rangeRules(question, decimalsOf(question, charter), path), ...unitRules(form, question, path)]
}

type NumberQuestion = Extract<Question, { type: 'number' | 'money' }>

function rangeRules({ hard, soft }: NumberQuestion, decimals: number, path: Path): Found[] {
  const found: Found[] = []
  for (const [name, range] of Object.entries({ hard, soft })) {
    if (range && range[0] > range[1]) found.push({ path: [...path, name], message: 'ends before it begins' })
    if (range?.some((limit) => !isKept(limit, decimals))) {
      found.push({
        path: [...path, name],
        message: `has more than the ${decimals} decimals that are kept, or is too large`,
      })
    }
  }
  if (soft && (soft[0] < hard[0] || soft[1] > hard[1])) {
    found.push({ path: [...path, 'soft'], message: 'must lie within the hard range' })
  }
  return found
}

function isKept(limit: number, decimals: number): boolean {
  const size = limit * 10 ** decimals
  return Math.abs(size - Math.round(size)) < 1e-6 && Number.isSafeInteger(Math.round(size))
}

function unitRules(form: Form, question: NumberQuestion, path: Path): Found[] {
  const found: Found[] = []
  if (question.hours && question.type === 'money')
    found.push({ path: [...path, 'hours'], message: 'money is not hours' })
  for (const name of ['soft_times_group', 'hard_times_group'] as const) {
    if (question[name] !== undefined && form.insight.figure !== question.id) {
      found.push({ path: [...path, name], message: `the group has a median of "${form.insight.figure}" only` })
    }
  }
  return found
}

// Names that fold alike are never understood: the member would be asked again for ever.
function choiceRules({ options }: ChoiceQuestion, path: Path): Found[] {
  const names = options.map(({ name, also }) => [...Object.values(name), ...also])
  return [
    ...repeated(
      options.map(({ id }) => id),
      [...path, 'options'],
      'id',
    ),
    ...optionRules(names, [...path, 'options']),
  ]
}

function orderRule({ questions }: Form, path: Path): Found[] {
  const told = questions.filter(({ type }) => type !== 'day')
  const firstOptional = told.findIndex(({ optional }) => optional)
  const late = firstOptional < 0 ? undefined : told.slice(firstOptional).find(({ optional }) => !optional)
  if (!late) return []
  const at = questions.indexOf(late)
  return [{ path: [...path, 'questions', at], message: 'must be answered, so it stands before the optional ones' }]
}

function keyRules(form: Form, path: Path): Found[] {
  const found = repeated(form.key, [...path, 'key'])
  if (form.key[0] !== 'day') found.push({ path: [...path, 'key'], message: 'begins with "day"' })
  form.key.forEach((id, at) => {
    if (id !== 'day' && !isRequiredChoice(form, id)) {
      found.push({
        path: [...path, 'key', at],
        message: `"${id}" is neither "day" nor a choice that must be answered`,
      })
    }
  })
  return found
}

const isRequiredChoice = (form: Form, id: string): boolean =>
  form.questions.some((question) => question.id === id && question.type === 'choice' && !question.optional)

function checkRules(form: Form, path: Path): Found[] {
  return form.checks.flatMap((check, at) => {
    const sides = [check.left, check.right].map((id) => measureOf(form, id))
    const unknown = (['left', 'right'] as const).filter((_, side) => !sides[side])
    const [left, right] = sides
    const mixed = left && right && left.type !== right.type
    return [
      ...unknown.map((side) => ({ path: [...path, 'checks', at, side], message: noMeasure(check[side]) })),
      ...(mixed ? [{ path: [...path, 'checks', at], message: 'compares money with another number' }] : []),
    ]
  })
}

const noMeasure = (id: string): string => `"${id}" is no number or money of this form`

// What a figure is made of must be there before its type can be told.
function figureRules(form: Form, figure: Figure, at: number, path: Path): Found[] {
  const earlier = { ...form, figures: form.figures.slice(0, at) }
  const unknown = unknownRules(earlier, figure, path)
  return unknown.length > 0 ? unknown : figureTypeRules(earlier, figure, path)
}

const termsOf = ({ plus, minus }: Figure): string[] => [...plus, ...minus]

function unknownRules(earlier: Form, figure: Figure, path: Path): Found[] {
  const named = [...termsOf(figure), ...(figure.per === undefined ? [] : [figure.per])]
  return named
    .filter((id) => !measureOf(earlier, id))
    .map((id) => ({ path, message: `${noMeasure(id)}, or comes after this figure` }))
}

function figureTypeRules(earlier: Form, figure: Figure, path: Path): Found[] {
  const [first, ...others] = termsOf(figure).map((id) => measureOf(earlier, id)?.type)
  if (others.some((type) => type !== first)) return [{ path, message: 'adds money to another number' }]
  const type = quotientType(first, figure.per === undefined ? undefined : measureOf(earlier, figure.per))
  if (type === figure.type) return []
  const message = type ? `is ${type}, by what it is made of` : 'divides a number by money'
  return [{ path: [...path, 'type'], message }]
}

function quotientType(sum: Measure['type'] | undefined, per: Measure | undefined): Measure['type'] | undefined {
  if (!per || per.type === 'number') return sum
  return sum === 'money' ? 'number' : undefined
}

function insightRules(form: Form, path: Path): Found[] {
  const found = repeated(form.insight.by, [...path, 'insight', 'by'])
  if (!measureOf(form, form.insight.figure)) {
    found.push({ path: [...path, 'insight', 'figure'], message: noMeasure(form.insight.figure) })
  }
  form.insight.by.forEach((id, at) => {
    if (isRequiredChoice(form, id)) return
    found.push({ path: [...path, 'insight', 'by', at], message: `"${id}" is no choice that must be answered` })
  })
  return found
}
