// The sheet of reports as a spreadsheet opens it: no cell of text becomes a formula there, and a loss stays a number.
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sheetHead, sheetRows } from '../../../src/coop/reports/export.ts'
import { drivers } from '../stage.ts'

const [shift] = drivers.forms
const formula = /^[=+\-@\t\r]/

test('whatever stands in a cell of text, it begins no formula; numbers below nothing are numbers', () => {
  const begun = fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ''), fc.string())
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(begun, fc.integer({ min: -9_999_999, max: -100 }), (word, net) => {
      if (!shift) throw new Error('the example co-op has no form')
      const [figure] = shift.figures
      const key = '2026-11-24'
      const report = {
        member: 1,
        key,
        week: '2026-W48',
        cell: '',
        values: {},
        figures: { [figure?.id ?? '']: net },
      }
      const sheet = sheetHead(shift, drivers) + sheetRows(shift, [report], drivers, new Map([[1, word]]))
      const [head = [], row = []] = parse(sheet)
      expect(row[0]).not.toMatch(formula)
      expect(Number(row[head.indexOf(figure?.id ?? '')])).toBeLessThan(0)
    }),
  )
})
