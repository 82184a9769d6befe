// What speak makes of values, lists and offers, in each language and on each channel.
import { describe, expect, test } from 'vitest'
import type { Gaps, Offer, Reply } from '../../../src/conversation/reply.ts'
import type { Applied, Language } from '../../../src/coop/charter/charter.ts'
import { sayAll, sayEither, sayMoney, sayNumber } from '../../../src/messaging/speak/amounts.ts'
import { sayDay, sayInstant } from '../../../src/messaging/speak/days.ts'
import { speak } from '../../../src/messaging/speak/speak.ts'
import { drivers, market } from '../../flows/coops.ts'

const reply = (name: string, gaps: Gaps = {}, offers: readonly Offer[] = []): Reply => {
  const [flow = '', node = '', text = 'text'] = name.split('.')
  return { flow, node, text, gaps, offers }
}
const say = (
  replies: readonly Reply[],
  language: Language,
  charter: Applied = drivers,
  channel: 'sms' | 'whatsapp' = 'sms',
) => speak(replies, { charter, language, channel })

const closes = Date.parse('2026-11-30T14:30:00Z')
const options = ['For', 'Against', 'Abstain'].map((en, at): Offer => ({ digit: at + 1, name: { words: { en } } }))
const call = reply(
  'broadcast.call',
  { slug: 'fuel-data', closes: { instant: closes }, text: { words: { en: 'Sell Sept fuel data to the City?' } } },
  [...options, { digit: 4, name: 'more' }],
)

describe('a reply', () => {
  test('reads like the design', () => {
    expect(say([call], 'en')).toBe(
      'Vote fuel-data is open till Mon 30 Nov 20:00. Sell Sept fuel data to the City? ' +
        '1 For 2 Against 3 Abstain 4 Read more',
    )
    const cast = reply('vote.cast', { option: { words: { en: 'For' } }, closes: { instant: closes } })
    expect(say([cast], 'en')).toBe('Counted: For. Not a secret vote. Change it till Mon 30 Nov 20:00.')
    expect(say([reply('machine.retry', { digits: { either: [1, 2, 3] } })], 'en')).toBe('Text 1, 2 or 3.')
  })

  test('has a line for every offer on WhatsApp, and keeps its accents there', () => {
    expect(say([call], 'en', drivers, 'whatsapp').split('\n')).toHaveLength(5)
    const menu = reply('menu.menu', {}, [{ digit: 5, name: 'language' }])
    expect(say([menu, reply('vote.none')], 'es')).toBe(
      '¿Qué deseas? 5 Idioma Ahora no hay ninguna votacion abierta para ti. Para ver mas tarde, envia VOTAR.',
    )
    expect(say([menu, reply('vote.none')], 'es', drivers, 'whatsapp')).toMatch(
      /Idioma\nAhora no hay ninguna votación/,
    )
  })

  test('that leads up to another is left out of an SMS that has no room for it', () => {
    const late = { ...reply('machine.late'), brief: [] }
    expect(say([late, reply('vote.none')], 'en')).toMatch(/^That came late, so once more: No vote/)
    const long = reply('vote.more', { more: { words: { en: 'A'.repeat(131) } } })
    expect(say([late, long], 'en')).toBe('A'.repeat(131))
    expect(say([late, long], 'en', drivers, 'whatsapp')).toMatch(/^That came late/)
    expect(say([late], 'en')).toBe('That came late, so once more:')
    const gone = { ...reply('machine.gone'), brief: [] }
    const shorter = reply('vote.more', { more: { words: { en: 'A'.repeat(125) } } })
    expect(say([late, gone, shorter], 'en')).toBe(`That came late, so once more: ${'A'.repeat(125)}`)
  })

  test('names its digits as long as the names fit', () => {
    const digits = reply('machine.retry', { digits: { either: [1, 2] } })
    const named = (name: string): Reply => ({
      ...reply(
        'machine.retry.named',
        {},
        [1, 2].map((digit) => ({ digit, name: { words: { en: name } } })),
      ),
      brief: [digits],
    })
    expect(say([named('Yes')], 'en')).toBe('Text just the digit: 1 Yes 2 Yes')
    expect(say([named('A'.repeat(67))], 'en')).toHaveLength(160)
    expect(say([named('A'.repeat(68))], 'en')).toBe('Text 1 or 2.')
  })

  test('falls back to the first language of the co-op, and to a language in its own name', () => {
    const offers: Offer[] = [{ digit: 2, name: { words: { hi: 'हिन्दी' } } }]
    const gaps = { coop: { words: { en: 'Sarathi' } } }
    expect(say([reply('join.language', gaps, offers)], 'fr')).toBe('Bienvenue chez Sarathi. Votre langue ? 2 हिन्दी')
  })

  test('throws where a text or a gap is missing, naming it', () => {
    expect(() => say([reply('vote.nowhere')], 'hi')).toThrow('locales/hi/vote.json has no text "nowhere.text"')
    expect(() => say([reply('machine.retry')], 'en')).toThrow('machine.retry.text is said without "digits"')
  })

  test('says a text of the charter as it stands, whatever it looks like', () => {
    const words = { en: '$t(menu.menu.text) {{coop}} $& <b>' }
    expect(say([reply('vote.more', { more: { words } })], 'en')).toBe(words.en)
  })
})

describe('lists', () => {
  const purposes = {
    lines: {
      lines: drivers.purposes.map(({ name }, at) => ({
        number: at + 1,
        name: { words: name },
        state: { word: at ? 'off' : 'on' },
      })),
    },
  }
  const offers = drivers.purposes.map(({ name }, at): Offer => ({ digit: at + 1, name: { words: name } }))

  test('that carry their digits stand for the offers', () => {
    expect(say([reply('consents.list', purposes, offers)], 'en')).toBe(
      'Text a number to read or switch a data use: 1 Pay medians for members: on, ' +
        '2 City transport study: off, 3 Evidence for pay talks: off',
    )
    expect(say([reply('consents.list', purposes, offers)], 'en', drivers, 'whatsapp').split('\n')).toHaveLength(4)
  })

  test('of what a report is of lead it, or are left out', () => {
    const of = (names: string[]) => ({ of: { list: names.map((en) => ({ en })) }, day: { day: '2026-11-24' } })
    expect(say([reply('report.same', of(['Tomato', 'Nakuru']))], 'en', market)).toMatch(
      'for Tomato, Nakuru, Tue 24 Nov.',
    )
    expect(say([reply('report.same', of([]))], 'en')).toMatch('for Tue 24 Nov.')
  })

  test.each([
    ['en', 'Km, Trips and App', '1, 2 or 3'],
    ['hi', 'Km, Trips और App', '1, 2 या 3'],
    ['sw', 'Km, Trips na App', '1, 2 au 3'],
    ['es', 'Km, Trips y App', '1, 2 o 3'],
    ['fr', 'Km, Trips et App', '1, 2 ou 3'],
  ] as const)('%s', (language, all, either) => {
    expect(sayAll(['Km', 'Trips', 'App'], language, drivers)).toBe(all)
    expect(sayEither([1, 2, 3], language, drivers)).toBe(either)
  })
})

describe('money and numbers', () => {
  const at = (country: string, currency: string, currency_digits = 2) => ({ country, currency, currency_digits })
  test.each([
    [160_000, 'en', at('IN', 'INR'), 'Rs 1,600'],
    [12_345_678_00, 'hi', at('IN', 'INR'), '₹1,23,45,678'],
    [160_050, 'en', at('IN', 'INR'), 'Rs 1,600.50'],
    [-5_000, 'en', at('IN', 'INR'), '-Rs 50'],
    [12_345_600, 'sw', at('KE', 'KES'), 'KSh 123,456'],
    [160_000, 'fr', at('SN', 'INR'), '1\u202f600 Rs'],
    [160_000, 'es', at('MX', 'MXN'), '$1,600'],
    [1600, 'fr', at('SN', 'XOF', 0), '1\u202f600\u00a0F\u202fCFA'],
  ] as const)('%i in %s', (minor, language, coop, text) => {
    expect(sayMoney(minor, language, coop)).toBe(text)
  })

  test.each([
    [850, 2, 'en', '8.5'],
    [800, 2, 'hi', '8'],
    [825, 2, 'fr', '8,25'],
    [12_345_678, 0, 'hi', '1,23,45,678'],
  ] as const)('%i with %i decimals in %s', (scaled, decimals, language, text) => {
    expect(sayNumber(scaled, decimals, language, drivers)).toBe(text)
  })

  test.each([
    [0, 'Km: a whole number, please. Km driven?'],
    [1, 'Km: 1 digit after the point at most. Km driven?'],
    [2, 'Km: 2 digits after the point at most. Km driven?'],
  ])('a count of %i takes its own form', (count, text) => {
    const gaps = { name: { words: { en: 'Km' } }, ask: { words: { en: 'Km driven?' } }, count }
    expect(say([reply('form.problem.too_many_decimals', gaps)], 'en')).toBe(text)
  })

  test('a million takes the form that Spanish and French have for it', () => {
    const gaps = { name: { words: { en: 'Km' } }, value: 1, unit: { words: {} }, median: 1, count: 1_000_000 }
    expect(say([reply('report.insight', gaps)], 'es')).toMatch('1000000 de miembros')
    expect(say([reply('report.insight', { ...gaps, count: 7 })], 'fr')).toMatch('7 membres')
  })
})

describe('days and hours', () => {
  test.each([
    ['en', 'Mon 30 Nov 20:00'],
    ['hi', 'सोम 30 नवंबर 20:00'],
    ['es', 'lun 30 nov 20:00'],
    ['fr', 'lun 30 nov 20h00'],
    ['sw', 'Jtatu 30 Nov saa 2 usiku'],
  ] as const)('%s', (language, text) => {
    expect(sayInstant(closes, language, 'Asia/Kolkata', '')).toBe(text)
  })

  test.each([
    ['00:00', 'saa 6 usiku'],
    ['03:59', 'saa 9:59 usiku'],
    ['04:00', 'saa 10 alfajiri'],
    ['06:30', 'saa 12:30 asubuhi'],
    ['07:00', 'saa 1 asubuhi'],
    ['12:00', 'saa 6 mchana'],
    ['16:00', 'saa 10 jioni'],
    ['18:59', 'saa 12:59 jioni'],
    ['19:00', 'saa 1 usiku'],
  ])('Swahili counts %s as %s', (clock, text) => {
    expect(sayInstant(Date.parse(`2026-11-30T${clock}:00Z`), 'sw', 'UTC', 'time')).toBe(text)
  })

  test('a day, a date, a month', () => {
    expect(sayDay('2026-11-24', 'en')).toBe('Tue 24 Nov')
    expect(sayDay('2026-11-24', 'en', '2026-01-03')).toBe('Tue 24 Nov')
    expect(sayDay('2025-11-22', 'sw', '2026-11-24')).toBe('Jmosi 22 Nov 2025')
    expect(sayInstant(closes, 'fr', 'UTC', 'date')).toBe('lun 30 nov')
    expect(sayInstant(closes, 'en', 'UTC', 'month')).toBe('Nov 2026')
    expect(() => sayInstant(closes, 'en', 'UTC', 'year')).toThrow('"year"')
  })

  test('an instant of today is said by its hour', () => {
    const kept = (hours: number) => {
      const pool = { instant: closes, now: closes - hours * 3_600_000 }
      return say([reply('report.kept', { of: { list: [] }, day: { day: '2026-11-30' }, pool })], 'en')
    }
    expect(kept(2)).toBe('Saved: Mon 30 Nov. To take it back, text UNDO by 20:00.')
    expect(kept(21)).toBe('Saved: Mon 30 Nov. To take it back, text UNDO by Mon 30 Nov 20:00.')
  })
})
