// From the environment to one frozen Config: the only reader of process.env. All that is missing or wrong is said in
// one message that names each setting and what to do; a value that may be secret is never repeated in it.
import path from 'node:path'
import { z } from 'zod'
import { readTiming, type Timing, waitSettings } from './timing.ts'

export type Role = 'start' | 'web' | 'worker' | 'command'

/** Twilio's settings, real or pretended. */
export interface Twilio {
  readonly publicUrl: string
  readonly accountSid: string
  /** The first signs in the pretend carrier; any of them is accepted. */
  readonly authTokens: readonly string[]
  readonly apiKey: string
  readonly apiSecret: string
  /** Where requests go instead of Twilio's own address. */
  readonly apiBase?: string
}

export interface Config {
  readonly role: Role
  /** The folder of a machine that brings its own servers. */
  readonly data: string
  readonly host: string
  readonly port: number
  readonly databaseUrl: string
  readonly redisUrl?: string
  /** The key directory. */
  readonly keys: string
  readonly twilio: Twilio
  readonly logLevel: string
  /** Connections to Postgres of one process. */
  readonly connections: number
  readonly timing: Timing
  /** Where a test ends this process: never beside a real account. */
  readonly failpoint?: string
}

type Brought = 'databaseUrl' | 'redisUrl' | 'keys' | 'twilio'
/** What was set; the rest is brought by `npm start` or is not needed. */
export type Settings = Omit<Config, Brought> & Partial<Pick<Config, Brought>>

export class ConfigError extends Error {}

const urlOf = (protocols: RegExp, hint: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.test(new URL(text).protocol), hint)
const webAddress = urlOf(/^https?:$/, 'write an address such as https://line.example.org')
const whole = (least: number, most: number, hint: string) =>
  z
    .string()
    .regex(/^\d{1,10}$/, hint)
    .transform(Number)
    .refine((n) => n >= least && n <= most, hint)
const list = (text: string) => text.split(',').map((part) => part.trim())
const everyUrl = (text: string, hint: string) =>
  list(text).every((part) => urlOf(/^rediss?:$/, hint).safeParse(part).success)
const redisHint = 'write redis://host:6379, with commas between the nodes of a cluster'

const shape = z.object({
  DATABASE_URL: urlOf(/^postgres(ql)?:$/, 'write postgres://user:password@host:5432/coopline').optional(),
  REDIS_URL: z
    .string()
    .refine((text) => everyUrl(text, redisHint), redisHint)
    .optional(),
  COOPLINE_KEYS: z.string().optional(),
  COOPLINE_DATA: z.string().default('./data'),
  PORT: whole(0, 65535, 'write a port from 0 to 65535').default(3000),
  HOST: z.string().optional(),
  PUBLIC_URL: webAddress.optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'write the id of the account: AC and 32 hex digits')
    .optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .transform(list)
    .refine((tokens) => tokens.every(Boolean), 'write tokens with one comma between')
    .optional(),
  TWILIO_API_KEY: z
    .string()
    .regex(/^SK[0-9a-f]{32}$/, 'write the id of an API key: SK and 32 hex digits')
    .optional(),
  TWILIO_API_SECRET: z.string().optional(),
  TWILIO_API_BASE: webAddress.optional(),
  COOPLINE_LOG: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'write debug, info, warn, error or silent')
    .default('info'),
  COOPLINE_CONNECTIONS: whole(2, 100, 'write a number from 2 to 100').default(10),
  COOPLINE_FAILPOINT: z.string().optional(),
})
type Given = z.infer<typeof shape>

/** What each setting is, for whoever lacks it. */
const meanings = {
  DATABASE_URL: 'the Postgres database, postgres://user:password@host:5432/coopline',
  REDIS_URL: 'the Redis, redis://host:6379',
  COOPLINE_KEYS: 'the key directory, one for all processes; "npm run coopline -- keys make" fills it',
  PUBLIC_URL: 'the address under which Twilio reaches us, https://line.example.org',
  TWILIO_ACCOUNT_SID: 'the id of the account, AC…',
  TWILIO_AUTH_TOKEN: 'the token that signs webhooks; several with commas while one replaces another',
  TWILIO_API_KEY: 'the id of an API key to send with, SK…',
  TWILIO_API_SECRET: 'the secret of that API key',
} as const satisfies Partial<Record<keyof Given, string>>
type Needed = keyof typeof meanings
const twilioNames = [
  'PUBLIC_URL',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_API_KEY',
  'TWILIO_API_SECRET',
] as const
const serverNames = ['DATABASE_URL', 'REDIS_URL', 'COOPLINE_KEYS'] as const

type Env = Readonly<Record<string, string | undefined>>

/** Reads the settings of a role; one `ConfigError` names all that is wrong or missing. */
export function readSettings(role: Role, env: Env = process.env): Settings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const read = shape.safeParse(set)
  const timing = readTiming(set)
  const wrong = [...(read.error?.issues ?? []).map(complaint), ...timing.wrong]
  const given = read.data ?? shape.parse({})
  const lacking = [...missing(role, set), ...(read.data ? contradictions(given) : [])]
  if (wrong.length + lacking.length > 0) throw new ConfigError(message(role, [...wrong, ...lacking]))
  return frozen({ ...settingsOf(role, given), timing: timing.timing })
}

/** The settings with what was brought for them. */
export function completeConfig(settings: Settings, brought: Partial<Pick<Config, Brought>> = {}): Config {
  const { databaseUrl, keys, twilio, ...rest } = { ...brought, ...settings }
  if (!databaseUrl || !keys || !twilio) {
    throw new ConfigError(
      'A Config lacks its database, its keys or Twilio: start, web and worker see to all of them.',
    )
  }
  return frozen({ ...rest, databaseUrl, keys, twilio })
}

/** Whether the carrier is pretended: its address is on this machine. */
export function isPretended(twilio: Twilio): boolean {
  return twilio.apiBase !== undefined && onThisMachine(twilio.apiBase)
}

/** Names in the environment that look like ours and are none: a misspelled setting would be passed over in silence. */
export const unknownSettings = (env: Env = process.env): string[] =>
  Object.keys(env).filter(
    (name) =>
      /^(COOPLINE|TWILIO)_/.test(name) &&
      !(name in shape.shape) &&
      !waitSettings.some((wait) => wait.name === name),
  )

function settingsOf(role: Role, given: Given): Omit<Settings, 'timing'> {
  const twilio = twilioOf(given)
  const data = path.resolve(given.COOPLINE_DATA)
  const isLocal = !twilio || isPretended(twilio)
  return {
    role,
    data,
    host: given.HOST ?? (isLocal ? '127.0.0.1' : '0.0.0.0'),
    port: given.PORT,
    logLevel: given.COOPLINE_LOG,
    connections: given.COOPLINE_CONNECTIONS,
    ...(given.DATABASE_URL && { databaseUrl: given.DATABASE_URL }),
    ...(given.REDIS_URL && { redisUrl: given.REDIS_URL }),
    ...(given.COOPLINE_KEYS && { keys: path.resolve(given.COOPLINE_KEYS) }),
    ...(given.COOPLINE_FAILPOINT && { failpoint: given.COOPLINE_FAILPOINT }),
    ...(twilio && { twilio }),
  }
}

function twilioOf(given: Given): Twilio | undefined {
  const { PUBLIC_URL, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_API_KEY, TWILIO_API_SECRET } = given
  if (!PUBLIC_URL || !TWILIO_ACCOUNT_SID || !TWILIO_AUTH_TOKEN || !TWILIO_API_KEY || !TWILIO_API_SECRET)
    return undefined
  return {
    publicUrl: PUBLIC_URL.replace(/\/+$/, ''),
    accountSid: TWILIO_ACCOUNT_SID,
    authTokens: TWILIO_AUTH_TOKEN,
    apiKey: TWILIO_API_KEY,
    apiSecret: TWILIO_API_SECRET,
    ...(given.TWILIO_API_BASE && { apiBase: given.TWILIO_API_BASE }),
  }
}

/** Web and worker bring nothing; Twilio's settings stand together everywhere. */
function missing(role: Role, set: Env): string[] {
  const absent = (names: readonly Needed[]) => names.filter((name) => !set[name])
  const startsTwilio = twilioNames.some((name) => set[name]) || set.TWILIO_API_BASE !== undefined
  const brings = role === 'start' || role === 'command'
  const names = [...(brings ? [] : absent(serverNames)), ...(brings && !startsTwilio ? [] : absent(twilioNames))]
  return names.map((name) => `${name} is missing: ${meanings[name]}`)
}

function contradictions(given: Given): string[] {
  const twilio = twilioOf(given)
  if (!twilio || isPretended(twilio)) return []
  return [
    ...(new URL(twilio.publicUrl).protocol === 'https:'
      ? []
      : ['PUBLIC_URL is not https: Twilio would send what members write for all to read']),
    ...(given.COOPLINE_FAILPOINT ? ['COOPLINE_FAILPOINT is set beside a real account: unset it'] : []),
  ]
}

const complaint = (issue: z.core.$ZodIssue) => `${String(issue.path[0])} is not right: ${issue.message}`

function message(role: Role, lines: readonly string[]): string {
  const help = role === 'start' ? "Without any of Twilio's settings, npm start brings a pretend carrier." : ''
  return ['These settings need your hand:', ...lines.map((line) => `  ${line}`), help].filter(Boolean).join('\n')
}

function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) frozen(inner)
  return Object.freeze(value)
}

function onThisMachine(address: string): boolean {
  const { hostname } = new URL(address)
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.(\d+\.){2}\d+$/.test(hostname)
}
