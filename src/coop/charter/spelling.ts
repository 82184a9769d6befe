// What YAML itself cannot read, in the words of whoever wrote the file, at the line where the mistake begins rather
// than where the reader gave up.
import { type Document, isCollection, isScalar, visit, type YAMLError } from 'yaml'

/** What is wrong with a file as YAML, and where in it. */
export interface Misspelt {
  readonly offset: number
  readonly message: string
}

/** The mistakes of a file as YAML: the first, since others follow from it, each key that is twice, and each alias. */
export function misspeltIn(document: Document.Parsed, source: string): Misspelt[] {
  const broken: YAMLError[] = [...document.errors, ...document.warnings]
  const twice = broken.filter(({ code }) => code === 'DUPLICATE_KEY')
  const [first] = broken.filter(({ code }) => code !== 'DUPLICATE_KEY')
  return [
    ...(first ? [explained(first, document, source)] : []),
    ...twice.map(keyTwice(source)),
    ...aliases(document),
  ]
}

// Ten lines of aliases can grow to gigabytes, and what is read through one has no line of its own.
function aliases(document: Document.Parsed): Misspelt[] {
  const found: Misspelt[] = []
  visit(document, {
    Alias: (_, alias) => {
      const message = `write out what "*${alias.source}" stands for, or put it in quotes if it is a text`
      found.push({ offset: alias.range?.[0] ?? 0, message })
    },
  })
  return found
}

const keyTwice =
  (source: string) =>
  ({ pos: [offset] }: YAMLError): Misspelt => {
    const [key = ''] = source.slice(offset).split(/\s*:/, 1)
    return { offset, message: `"${key}" stands here twice: keep one of the two` }
  }

function explained(error: YAMLError, document: Document.Parsed, source: string): Misspelt {
  const [offset] = error.pos
  const open = openQuote(error, document, source) ?? openBracket(document, source, offset)
  if (open) return open
  const rest = restOfLine(source, offset)
  if (nested.has(error.code)) {
    if (/:\s/.test(`${rest}\n`)) return { offset, message: 'a text with ": " in it needs quotes around it' }
    return {
      offset: offset + rest.length + 1,
      message: 'begins further to the right, or to the left, than its neighbours',
    }
  }
  return { offset, message: messageOf[error.code]?.(rest) ?? `is not YAML: ${error.message}` }
}

const nested: ReadonlySet<string> = new Set(['BLOCK_AS_IMPLICIT_KEY', 'BLOCK_IN_FLOW'])
const needsQuotes = (rest: string) => `a text that begins with "${rest.slice(0, 1)}" needs quotes around it`

const messageOf: Readonly<Record<string, (rest: string) => string>> = {
  TAB_AS_INDENT: () => 'begins with a tab: write spaces',
  BAD_SCALAR_START: needsQuotes,
  TAG_RESOLVE_FAILED: needsQuotes,
  UNEXPECTED_TOKEN: (rest) => `"${rest.slice(0, 20)}" cannot stand here: put the whole text in quotes`,
  BAD_INDENT: () => 'begins further to the right, or to the left, than its neighbours',
}

const restOfLine = (source: string, offset: number): string => source.slice(offset).split(/\r?\n/, 1)[0] ?? ''

/** A quote that never ends, or that runs on into other lines where the reader gave up behind it. */
function openQuote(error: YAMLError, document: Document.Parsed, source: string): Misspelt | undefined {
  const [offset] = error.pos
  const isEndless = error.code === 'MISSING_CHAR' && error.message.endsWith('quote')
  const from = (node: unknown) => {
    if (!isScalar(node) || !node.type?.startsWith('QUOTE') || !node.range) return undefined
    const [start, end] = node.range
    const runsOn = source.slice(start, end).trimEnd().includes('\n') && !source.slice(end, offset).includes('\n')
    return start < offset && (isEndless || runsOn) ? start : undefined
  }
  const start = lastOf(document, from)
  return start === undefined ? undefined : { offset: start, message: 'has a quote that is not closed' }
}

function openBracket(document: Document.Parsed, source: string, offset: number): Misspelt | undefined {
  const from = (node: unknown) => {
    if (!isCollection(node) || !node.flow || !node.range) return undefined
    const [start, end] = node.range
    return start < offset && end >= offset && !/[\]}]$/.test(source.slice(start, end)) ? start : undefined
  }
  const start = lastOf(document, from)
  if (start === undefined) return undefined
  const remark = restOfLine(source, start).includes(' #')
    ? '; " #" begins a remark, so put such a text in quotes'
    : ''
  return { offset: start, message: `has a "${source[start]}" that is not closed${remark}` }
}

/** The last place that is found among the nodes of a document. */
function lastOf(document: Document.Parsed, find: (node: unknown) => number | undefined): number | undefined {
  let last: number | undefined
  visit(document, {
    Node: (_, node) => {
      last = find(node) ?? last
    },
  })
  return last
}
