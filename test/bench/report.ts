// What came of a bench, as tables for the terminal and as a file for whoever compares two of them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checked } from './checks.ts'
import type { Figures } from './runs.ts'
import { machineSaid } from './usage.ts'
import { type Floor, isHeld, isNoisy, type Measured, totalMicros, turnsOf } from './verdict.ts'

/** Everything that was found. */
export interface Found extends Measured {
  readonly settings: Readonly<Record<string, number>>
  readonly floors: readonly Floor[]
}

const head = [
  '',
  'msgs/s',
  'p50',
  'p95',
  'p99 ms',
  'app',
  'pg',
  'redis',
  'all µs',
  'MB',
  'steal',
  'others',
  'wrong',
]

/** The tables. */
export function tables(found: Found): string {
  const { settings, open, checks, weighed, floors } = found
  const { senders, connections, rate } = settings
  const turns = turnsOf(found)
  return [
    machineSaid(),
    '',
    `Closed loop, ${connections} connections, ${senders} senders, turns of ${turns[0]?.sent ?? 0} messages:`,
    table([head, ...turns.map(lineOf)]),
    '',
    `Open loop, ${rate} messages/s, latency from the instant a message was due:`,
    table([head, ...open.map(lineOf)]),
    '',
    table([['', 'messages', 'mistakes', ''], ...checks.map(checkLine)]),
    `While all members vote and calls wait: web ${weighed.web.toFixed(0)} MB, worker ${weighed.worker.toFixed(0)} MB`,
    '',
    table([['', 'found', 'floor', 'aim', ''], ...floors.map(floorLine)]),
    ...mistakesIn(found),
  ].join('\n')
}

/** One run as it ends. */
export const lineOf = (run: Figures): string[] => [
  `${run.stage}${isNoisy(run) ? ' (noisy)' : ''}`,
  run.perSecond.toFixed(0),
  ...[run.p50, run.p95, run.p99].map((ms) => ms.toFixed(1)),
  ...[run.micros.app, run.micros.postgres, run.micros.redis, totalMicros(run)].map((micros) => micros.toFixed(0)),
  run.memory.toFixed(0),
  run.steal.toFixed(2),
  run.foreign.toFixed(2),
  String(run.wrong),
]

const checkLine = ({ name, messages, mistakes, note }: Checked): string[] => [
  name,
  String(messages),
  String(mistakes.length),
  note ?? '',
]

function floorLine(floor: Floor): string[] {
  const { what, found, digits, least, most, aim } = floor
  const bound = least === undefined ? `≤ ${most}` : `≥ ${least}`
  return [
    what,
    found.toFixed(digits),
    bound,
    aim === undefined ? '' : String(aim),
    isHeld(floor) ? 'held' : 'MISSED',
  ]
}

function mistakesIn(found: Found): string[] {
  const { mistakes, open, checks, weighed } = found
  const all = [
    ...[...turnsOf(found), ...open].flatMap(({ stage, samples }) => samples.map((sample) => `${stage}: ${sample}`)),
    ...mistakes,
    ...weighed.samples.map((sample) => `while all vote: ${sample}`),
    ...checks.flatMap(({ name, mistakes }) => mistakes.map((mistake) => `${name}: ${mistake}`)),
  ]
  return all.length === 0 ? [] : ['', 'The first mistakes:', ...all.slice(0, 10)]
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const cell = (text: string, at: number) =>
    at === 0 || at === (rows[0]?.length ?? 0) - 1 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n')
}

/** Keeps the figures beside those of earlier benches; returns where. */
export function keep(found: Found): string {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/bench')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
  writeFileSync(file, `${JSON.stringify(found, undefined, 1)}\n`)
  return file
}
