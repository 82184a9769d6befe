// A YAML file taken apart by its shape, so that every mistake that is found has its line. It knows nothing of what is
// in the file beyond the shape that it is given.
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { misspeltIn } from './spelling.ts'

/** What is wrong in a file, and where. */
export interface Mistake {
  /** Counted from 1. */
  readonly line: number
  /** `forms[0].questions[2].hard`; empty where the file as a whole is meant. */
  readonly path: string
  readonly message: string
}

/** What is wrong at a place of the file whose shape holds. */
export interface Found {
  readonly path: Path
  readonly message: string
}
export type Path = readonly (string | number)[]

/** A file that cannot be used. */
export interface Misread {
  readonly mistakes: readonly Mistake[]
  /** Whether they are of its shape, so that what its fields say together has not been looked at. */
  readonly isShapeOnly: boolean
}

export type Read<T> = { readonly value: T } | Misread

/** Whether a remark follows the text at a place on its line, so that what was meant as text may be lost in it. */
export type IsCut = (path: Path) => boolean

/** Reads a file by its shape; only where that holds, by the rules that span several of its fields. */
export function readYaml<T>(
  source: string,
  shape: z.ZodType<T>,
  rules: (value: T, isCut: IsCut) => readonly Found[],
): Read<T> {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const misspelt = misspeltIn(document, source)
  if (misspelt.length > 0) {
    const said = misspelt.map(({ offset, message }) => ({ line: lines.linePos(offset).line, path: '', message }))
    return { mistakes: inOrder(said), isShapeOnly: true }
  }
  const data: unknown = document.toJS()
  if (!isMap(document.contents)) {
    return { mistakes: [placed(noMapping(data, shape), document.contents, lines)], isShapeOnly: true }
  }
  const parsed = shape.safeParse(data, { error: inWords })
  const isCut: IsCut = (path) => isCutIn(source, placeOf(document.contents, path).node)
  const found = parsed.success
    ? rules(parsed.data, isCut)
    : parsed.error.issues.flatMap((issue) => explain(issue, data))
  const mistakes = found.map((each) => placed(each, document.contents, lines))
  if (parsed.success && mistakes.length === 0) return { value: parsed.data }
  return { mistakes: inOrder(mistakes), isShapeOnly: !parsed.success }
}

const inOrder = (mistakes: readonly Mistake[]): Mistake[] =>
  mistakes.toSorted((one, other) => one.line - other.line)

function placed({ path, message }: Found, contents: Node | null, lines: LineCounter): Mistake {
  const { offset } = placeOf(contents, path)
  return { line: offset === undefined ? 1 : lines.linePos(offset).line, path: named(path), message }
}

/** `['forms', 0, 'id']` as `forms[0].id`. */
const named = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')

// The key where there is one, else the item; of a thing that is missing, the nearest that holds it.
function placeOf(contents: Node | null, path: Path): { node: unknown; offset: number | undefined } {
  let node: unknown = contents
  let offset = contents?.range?.[0]
  for (const step of path) {
    const inside = into(node, step)
    if (!inside) break
    offset = inside.offset ?? offset
    node = inside.node
  }
  return { node, offset }
}

const isCutIn = (source: string, node: unknown): boolean =>
  isScalar(node) && node.type === 'PLAIN' && /^[ \t]+#/.test(source.slice(node.range?.[1]))

function into(node: unknown, step: string | number): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return item === undefined ? undefined : { node: item, offset: startOf(item) }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step))
  return isPair(pair) ? { node: pair.value, offset: startOf(pair.key) } : undefined
}

const startOf = (node: unknown): number | undefined =>
  isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined

/** A file that is a list or a single value, or empty: what its fields would be called. */
function noMapping(data: unknown, shape: z.ZodType): Found {
  const issues = shape.safeParse({}).error?.issues ?? []
  const fields = [...new Set(issues.map(({ path: [field] }) => String(field)))].map((field) => `"${field}:"`)
  return { path: [], message: `the file is ${kindOf(data)}; write a line for each field: ${fields.join(', ')}` }
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value === 'string' ? 'text' : typeof value}`
}

// In the words of whoever writes the file, not in those of the program that reads it.
const wanted: Readonly<Record<string, string>> = {
  array: 'a list',
  tuple: 'a list',
  object: 'fields, each with its name',
  record: 'fields, each with its name',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

// What a shape says of itself where it has no words of its own.
const inWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'too_small') return tooLittle(issue)
  if (issue.code === 'too_big') {
    return issue.origin === 'array'
      ? `has too many entries; write ${issue.maximum} at most`
      : `is above ${issue.maximum}`
  }
  return issue.code === 'invalid_format' ? 'is not written as it should be' : undefined
}

function tooLittle({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (origin === 'array') return `has too few entries; write ${minimum} or more`
  if (origin === 'string') return 'is empty; write a text'
  return inclusive === false ? `is not above ${minimum}` : `is below ${minimum}`
}

function explain(issue: z.core.$ZodIssue, data: unknown): Found[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is not known here: take it out, or check how it is spelt',
    }))
  }
  const value = valueAt(data, path)
  if (value === undefined) return [{ path, message: 'is missing' }]
  if (issue.code === 'invalid_type' && wanted[issue.expected]) {
    const quotes = issue.expected === 'string' && /number|boolean/.test(typeof value) ? ', in quotes' : ''
    return [{ path, message: `is ${withValue(value)}; write ${wanted[issue.expected]}${quotes}` }]
  }
  if (issue.code === 'invalid_value')
    return [{ path, message: `${quoted(value)}write ${issue.values.join(' or ')}` }]
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }]
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return [{ path, message: `${quoted(value)}write one of ${issue.options.join(', ')}` }]
  }
  return [{ path, message: `${hints.has(issue.code) ? quoted(value) : ''}${issue.message}` }]
}

// Codes of what a shape says in its own words of one value.
const hints: ReadonlySet<string> = new Set(['custom', 'invalid_format'])
const longestShown = 40

const quoted = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `"${String(value).slice(0, longestShown)}": ` : ''

const withValue = (value: unknown): string => {
  if (typeof value === 'string') return `the text "${value.slice(0, longestShown)}"`
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value}` : kindOf(value)
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, step) => (isRecord(inside) ? inside[step] : undefined), data)
}

const isRecord = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null
