// A charter that is applied while a question waits, on real processes that hear of it one after the other: the ledger
// names the words that she read, whatever process she answers.
import { expect, test } from 'vitest'
import { noticeHash } from '../../src/coop/charter/notice.ts'
import { applyCharter } from '../../src/coop/charter/queries.ts'
import { rereadCharter } from '../../src/coop/charter/read.ts'
import { fileOf } from '../coop/charter/example.ts'
import { withNewNotice } from '../stage/scenery.ts'
import { join, newPhone, stageOfTest } from './stage.ts'

const changed = withNewNotice(fileOf('drivers'), 'pay-medians')
const again = /^Something has changed since we asked, so once more: Your hours/

test('a yes is kept with the words that stand, and only after she was asked in them', async () => {
  const { stage, web } = await stageOfTest()
  const late = await stage.open()
  const phone = newPhone()
  const member = await join(web, phone)
  const ledger = () =>
    stage.db
      .selectFrom('consent_events')
      .select(['action', 'notice_version', 'notice_hash'])
      .where('member_id', '=', member)
      .execute()

  expect((await web.say(phone, 'ON 1')).text).toContain('Kept 2 years')
  await applyCharter(stage.db, changed, rereadCharter(changed, 2))
  await web.parts.charters.reload()
  expect((await web.say(phone, '1')).text).toMatch(again)
  // This process has not heard of the new charter yet: its words are the old ones again.
  const old = await late.say(phone, '1')
  expect(old.text).toMatch(again)
  expect(old.text).toContain('Kept 2 years')
  const put = await web.say(phone, '1')
  expect(put.text).toContain('Kept 3 years')
  expect(await ledger()).toEqual([])

  expect((await web.say(phone, '1')).text).toMatch(/^On: Pay medians/)
  const [purpose] = rereadCharter(changed, 2).purposes
  if (!purpose) throw new Error('the drivers have a purpose')
  const notice_hash = Buffer.from(noticeHash(purpose, 'en'), 'hex')
  expect(await ledger()).toEqual([{ action: 'given', notice_version: 3, notice_hash }])
})
