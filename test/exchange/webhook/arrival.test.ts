// Messages that come at once are read together, and each ends as if it had come alone.
import { expect, test } from 'vitest'
import { type Arrivals, type Came, openReading } from '../../../src/exchange/webhook/arrival.ts'
import { cameAs, formOf, newPhone, stageOfTest } from '../stage.ts'

const nobody = '+447700900198'
const broken = '+447700900199'

const text = (body: string, to: { To?: string } = {}): Came => cameAs(formOf(newPhone(), body, to))

const withOneBroken = ({ charterOf, ...arrivals }: Arrivals): Arrivals => ({
  ...arrivals,
  charterOf: (sender) => {
    if (sender.endsWith(broken)) throw new Error('the reading broke')
    return charterOf(sender)
  },
})

/** How each of these ended that came in one turn of the event loop: what it says, why it is none, what broke. */
async function read(arrivals: Arrivals, came: readonly Came[]): Promise<string[]> {
  const reading = openReading(arrivals)
  const ended = await Promise.allSettled(came.map(reading))
  return ended.map((each) => {
    if (each.status === 'rejected') return each.reason.message
    return 'heard' in each.value ? each.value.heard.text : `${each.value.status}`
  })
}

test('a forged one, one to nobody and one that is no form end by themselves, in their places', async () => {
  const { web } = await stageOfTest()
  const came = [
    text('hi'),
    { ...text('1'), signature: 'x' },
    text('2', { To: nobody }),
    { ...text('3'), body: '%' },
  ]
  expect(await read(web.counter.arrivals, [...came, text('bye')])).toEqual(['hi', '403', '404', '400', 'bye'])
})

test('one that breaks the reading fails alone', async () => {
  const { web } = await stageOfTest()
  const came = [text('hi'), text('1', { To: broken }), text('2', { To: nobody }), text('bye')]
  expect(await read(withOneBroken(web.counter.arrivals), came)).toEqual(['hi', 'the reading broke', '404', 'bye'])
})
