// What `npm start` says when all of it runs: what is real and what was brought, and a first walk through.
import path from 'node:path'
import type { Config } from '../../config.ts'
import type { Servers } from './brought.ts'

export interface Started {
  readonly config: Config
  readonly servers: Servers
  /** Example charters that differ from what is in force here. */
  readonly others: readonly string[]
  readonly keysBrought: boolean
  readonly pretended: boolean
  readonly seconds: number
}

/** The welcome, as lines of one screen. */
export function welcome(started: Started): string {
  const { config, others, pretended, seconds } = started
  return [
    '',
    `Coopline runs, after ${seconds.toFixed(1)} seconds. Ctrl-C stops all of it.`,
    '',
    ...partsOf(started).map(([part, how]) => `  ${part.padEnd(10)}${how}`),
    '',
    ...others.flatMap((file) => changed(hereAs(config.data), file)),
    ...(pretended ? walkThrough(hereAs(config.data)) : whatIsNext(config)),
    '',
  ].join('\n')
}

function partsOf({ config, servers, keysBrought, pretended }: Started): [string, string][] {
  const inData = (folder: string) => `brought   ${path.join(config.data, folder)}`
  const note = servers.postgres?.note ? `  (${servers.postgres.note})` : ''
  const noRedis = 'none      no redis-server here; a little slower, and nothing else'
  const redis = servers.redis ? inData('redis') : servers.redisUrl ? 'real' : noRedis
  return [
    ['Postgres', servers.postgres ? inData('postgres') + note : 'real'],
    ['Redis', redis],
    ['keys', keysBrought ? `brought   ${config.keys}` : 'real'],
    ['carrier', pretended ? 'brought   pretended: no message leaves this machine' : 'real      Twilio'],
    ['web', `http://${config.host}:${config.port}`],
    ['log', path.join(config.data, 'coopline.log')],
  ]
}

const whatIsNext = ({ data, twilio }: Config) => [
  `The carrier's webhooks go to ${twilio.publicUrl}/twilio/inbound`,
  `A co-op begins with its charter: ${hereAs(data)}npm run coopline -- charter apply FILE`,
]

// Examples change with the program; what is in force changes only by an organiser's hand.
const changed = (here: string, file: string) => [
  `${file} is not what is in force here, which stays. To change to it:`,
  `    ${here}npm run coopline -- charter apply ${file}`,
  '',
]

/** What another terminal must set to find a data folder that is not the usual one. */
const hereAs = (data: string) => (data === path.resolve('data') ? '' : `COOPLINE_DATA=${data} `)

const walkThrough = (here: string) => [
  'Paste this into a second terminal, in this folder. It is a phone:',
  '',
  `    ${here}npm run phone -- +447700901001 --to +447700900100`,
  '',
  'On it:',
  '  1. text SARATHI, then choose a language and join',
  '  2. text ON 1: read the notice, and switch that use of your data on',
  '  3. text SHIFT 8.5 1900 300: report a day of 8.5 hours, Rs 1900 fares, Rs 300 costs',
  '  4. open a vote in a third terminal, and answer its call with a digit:',
  `         ${here}npm run coopline -- vote open flows/charters/proposals/drivers-quick.yaml --coop drivers`,
  '  5. see what came of it after ten minutes, or at once:',
  `         ${here}npm run coopline -- vote close sunday-text`,
  '',
  'The women farmers of the other co-op speak Swahili too, here on WhatsApp:',
  `    ${here}npm run phone -- +447700901002 --whatsapp --to +447700900200`,
  'On it: MAVUNO, then 2 and 1; ON 1, then 1; BEI nyanya nakuru 45. Their vote, and its end:',
  `    ${here}npm run coopline -- vote open flows/charters/proposals/market-quick.yaml --coop market`,
  `    ${here}npm run coopline -- vote close market-day`,
]
