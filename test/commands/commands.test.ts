// The command line against a real Postgres: what an organiser does, and what she is told where something is wrong.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CoopStage, coopStage } from '../coop/stage.ts'
import { command, coopline } from './program.ts'

const charters = path.join(import.meta.dirname, '../../flows/charters')
const folder = mkdtempSync(path.join(tmpdir(), 'coopline-commands-'))
let stage: CoopStage
let env: Record<string, string>

beforeAll(async () => {
  stage = await coopStage()
  env = {
    DATABASE_URL: stage.url,
    COOPLINE_KEYS: path.join(folder, 'keys'),
    COOPLINE_DATA: path.join(folder, 'data'),
  }
})
afterAll(async () => {
  await stage.end()
  rmSync(folder, { recursive: true })
})

const file = (name: string, text: string | Buffer) => {
  const where = path.join(folder, name)
  writeFileSync(where, text)
  return where
}
const good = async (...words: string[]) => {
  const said = await command(env, ...words)
  expect(said.error).toBe('')
  expect(said.code).toBe(0)
  return said.out
}
const refused = async (...words: string[]) => {
  const said = await command(env, ...words)
  expect(said.code).toBe(1)
  expect(said.error).not.toMatch(/ at .*\.ts:\d+/)
  return said.error
}

test('without anything it says how to start', async () => {
  const { code, error } = await coopline({ COOPLINE_DATA: path.join(folder, 'nowhere') }, 'member', 'list')
  expect(code).toBe(1)
  expect(error).toContain('npm start')
})

test('keys are made once, checked against the database, and rotated', async () => {
  expect(await refused('keys', 'check')).toContain('keys make')
  expect(await good('keys', 'make')).toContain('Back them up')
  expect(await refused('keys', 'make')).toContain('has keys already')
  expect(await good('keys', 'check')).toContain('seal-1.key')
  expect(await good('keys', 'rotate')).toContain('seal-2.key')
})

const oneMore = `  - id: more
    name: { en: More, hi: और }
    notice: { version: 1, text: { en: We share it., hi: हम बाँटेंगे। } }`

test('a charter: its mistakes by line, then in force as a version', async () => {
  const source = readFileSync(path.join(charters, 'drivers.yaml'), 'utf8')
  const broken = file('broken.yaml', source.replace('currency: INR', 'currency: rupees'))
  const line = source.split('\n').findIndex((each) => each.startsWith('currency:')) + 1
  const said = await refused('charter', 'check', broken)
  expect(said).toContain(`${broken}:${line}: currency`)
  expect(said).toContain('Once that is put right, check again')
  expect(await refused('charter', 'check', path.join(folder, 'none.yaml'))).toContain('no file')
  const list = file('list.yaml', '# two co-ops\n- id: drivers\n')
  expect(await refused('charter', 'check', list)).toContain(
    `${list}:2: the file is a list; write a line for each field`,
  )
  expect(await good('charter', 'apply', path.join(charters, 'drivers.yaml'))).toContain(
    'drivers version 1 is in force',
  )
  expect(await good('charter', 'apply', path.join(charters, 'drivers.yaml'))).toContain('already')
  expect(await good('charter', 'list')).toContain('drivers\tversion 1\ten hi')
  expect(await good('charter', 'show', 'drivers')).toBe(source)
  expect(await refused('charter', 'show', 'nobody')).toContain('There is no co-op "nobody"')
  const renumbered = file('renumbered.yaml', source.replace('purposes:', `purposes:\n${oneMore}`))
  const first = source.split('\n').indexOf('  - id: pay-medians') + 1
  expect(await refused('charter', 'apply', renumbered)).toContain(
    `${renumbered}:${first + oneMore.split('\n').length}: purposes[1] "pay-medians" is number 1 to members`,
  )
})

test('a copied charter that kept the id does not take the other co-op over, unless it is meant to', async () => {
  const source = readFileSync(path.join(charters, 'drivers.yaml'), 'utf8')
  const moved = source.replaceAll('+447700900100', '+447700900400')
  const copy = file(
    'copy.yaml',
    moved.replace('word: SARATHI', 'word: CABBIES').replace('decimals: 2', 'decimals: 3'),
  )
  const said = await refused('charter', 'apply', copy)
  expect(said).toContain(`${copy} has the id "drivers" of "Sarathi Drivers Co-op"`)
  expect(said).toMatch(/\(SARATHI, sms:\+447700900100, .*\(CABBIES, sms:\+447700900400, .*--replace/)
  expect(await refused('charter', 'apply', copy, '--replace')).toContain('was a number with 2 decimals')
  expect(await good('charter', 'list')).toContain('drivers\tversion 1')
})

test('a file that is not UTF-8 is refused by its line, and none of its letters is lost', async () => {
  const source = readFileSync(path.join(charters, 'drivers.yaml'), 'utf8')
  const line = source.split('\n').findIndex((each) => each.includes('Farida Khan')) + 1
  const latin = file('latin.yaml', Buffer.from(source.replace('Farida Khan', 'Fárida Khan'), 'latin1'))
  expect(await refused('charter', 'check', latin)).toContain(
    `${latin} is not UTF-8 (line ${line}): save it as UTF-8`,
  )
  for (const wide of ['\uFEFFphone\n', 'phone\n']) {
    const list = file('wide.csv', Buffer.from(wide, 'utf16le'))
    expect(await refused('member', 'import', list)).toContain(`${list} is not UTF-8 (line 1)`)
  }
  const marked = file('marked.yaml', `\uFEFF${source}`)
  expect(await good('charter', 'check', marked)).toContain('a whole charter of drivers')
})

test('members: invited from a list with its bad lines named, listed, merged, erased', async () => {
  const list = file('members.csv', 'phone,language\n+447700900601,hi\nnobody,en\n+447700900602,en\n')
  const error = await refused('member', 'import', list)
  expect(error).toContain(`${list}:3: has no phone number`)
  expect(error).toContain('Nothing was imported')
  const { out } = await command(env, 'member', 'import', list, '--skip-bad')
  expect(out).toContain('2 invited, 0 known already, 1 line left out')
  const listed = await good('member', 'list')
  expect(listed).not.toContain('4477')
  const [keep = '', gone = ''] = [...listed.matchAll(/^(\d+)\tinvited/gm)].map((match) => match[1] ?? '')
  expect(await good('member', 'list', '--addresses')).toContain('sms:+447700900601')
  const asked = await refused('member', 'merge', keep, gone)
  expect(asked).toMatch(new RegExp(`^  ${keep}\tinvited\thi\t-\tsms\t0 reports, 0 ballots\n  ${gone}\tinvited\ten`))
  expect(asked).toContain(`${keep} stays, ${gone} goes.`)
  expect(asked).not.toContain('4477')
  expect(await good('member', 'merge', keep, gone, '--yes')).toContain('1 address moved')
  expect(await refused('member', 'erase', keep)).toContain('--yes')
  expect(await good('member', 'erase', keep, '--yes')).toContain('2 addresses, 0 reports.')
  // Without --yes it promises nothing of somebody who is not there.
  expect(await refused('member', 'erase', '99999', '--coop', 'drivers')).toContain('drivers has no member 99999')
  expect(await refused('member', 'erase', keep)).toContain(`Member ${keep} is erased`)
  const open = file('open.csv', 'phone\n+447700900603\n"+447700900604\n')
  expect(await refused('member', 'import', open)).toContain(`${open}:3: has a quote that is not closed`)
})

test('who asked to be erased is listed with the day by which it is due, by the co-op’s calendar', async () => {
  const [number = 0] = await stage.join(1)
  // Half past one of the 25th in Delhi; the charter gives the driver union seven days.
  const asked = { erasure_asked_at: new Date('2026-11-24T20:00:00Z'), joined_at: new Date('2026-01-31T20:00:00Z') }
  await stage.db.updateTable('members').set(asked).where('id', '=', number).execute()
  const listed = await good('member', 'list')
  expect(listed).toContain(`Asked to be erased: ${number} by 2026-12-02.`)
  expect(listed).toMatch(new RegExp(`^${number}\tactive\ten\t2026-02-01`, 'm'))
  await stage.db.deleteFrom('members').where('id', '=', number).execute()
})

test('a vote: opened for the co-op that its file fits, shown without its count, closed', async () => {
  const proposal = path.join(charters, 'proposals/drivers-quick.yaml')
  expect(await refused('vote', 'open', proposal)).toContain('no active member')
  await stage.join(3)
  const broken = file('vote.yaml', readFileSync(proposal, 'utf8').replace('kind: quick', 'kind: slow'))
  expect(await refused('vote', 'open', broken)).toMatch(/vote\.yaml:\d+: kind "slow"[\s\S]*--coop names another/)
  expect(await refused('vote', 'check', broken, '--coop', 'drivers')).not.toContain('--coop')
  const empty = file('empty.yaml', '')
  expect(await refused('vote', 'open', empty)).toContain(
    `${empty}:1: the file is empty; write a line for each field`,
  )
  const unnamed = file('Market Day 2.yaml', readFileSync(proposal, 'utf8').replace(/^slug: .*$/m, ''))
  expect(await refused('vote', 'open', unnamed)).toContain('"Market Day 2" cannot be the name of a vote')
  for (const slug of ['', '1', 'Market Day 2']) {
    expect(await refused('vote', 'open', proposal, '--slug', slug)).toContain(
      `"${slug}" cannot be the name of a vote`,
    )
  }
  expect(await good('vote', 'open', proposal)).toContain('3 on the roll, 1 needed')
  expect(await refused('vote', 'open', proposal)).toContain('another slug')
  const shown = await good('vote', 'show', 'sunday-text')
  expect(shown).toContain('0 of 3 voted')
  expect(shown).not.toContain('Against')
  expect(shown).not.toContain('calls')
  await sql`insert into outbox (coop_id, class, broadcast_id, priority, state, next_attempt_at, expires_at, created_at)
    select coop_id, 'call', id, 3, unnest(array['accepted', 'accepted', 'unreachable']), now(), now(), now()
    from broadcasts where proposal = 'sunday-text' and kind = 'call'`.execute(stage.db)
  expect(await good('vote', 'show', 'sunday-text')).toContain('calls: 2 sent, 1 unreachable')
  expect(await good('vote', 'close', 'sunday-text')).toContain('No result: too few voted.')
  expect(await good('vote', 'close', 'sunday-text')).toMatch(/^sunday-text was closed already at .*Kolkata/)
  expect(await good('vote', 'list')).toMatch(/sunday-text\tquick\tno_quorum\t.* till .*\tPay text/)
  expect(await refused('vote', 'close', 'nothing')).toContain('vote list')
  expect(await refused('vote', 'list', '--coop', 'nobody')).toContain('There is no co-op "nobody"')
})

test('a call that was not sent since she had voted is not counted as too late', async () => {
  const proposal = path.join(charters, 'proposals/drivers-quick.yaml')
  await good('vote', 'open', proposal, '--slug', 'voted-early')
  await sql`insert into outbox (coop_id, class, broadcast_id, member_id, priority, state, next_attempt_at, expires_at,
      created_at)
    select roll.coop_id, 'call', broadcasts.id, member_id, 3, 'expired', now(), now(), now()
    from roll join broadcasts using (coop_id, proposal) where proposal = 'voted-early' and kind = 'call'
    order by member_id limit 2`.execute(stage.db)
  await sql`insert into ballots (coop_id, proposal, member_id, option, cast_at, message_id)
    select coop_id, proposal, min(member_id), 1, now(), 'SM1' from roll where proposal = 'voted-early'
    group by 1, 2`.execute(stage.db)
  expect(await good('vote', 'show', 'voted-early')).toContain('calls: 1 not needed, she had voted, 1 too late')
  await good('vote', 'close', 'voted-early')
})

test('a vote in its notice is withdrawn, an open one is not; two of one title are told apart', async () => {
  const proposal = path.join(charters, 'proposals/drivers-city.yaml')
  const day = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10)
  const later = file('later.yaml', `${readFileSync(proposal, 'utf8')}\nopens: ${day} 10:00\n`)
  expect(await refused('vote', 'open', proposal)).toContain('needs 5 to vote, and 3 would be on the roll')
  await stage.join(2)
  expect(await good('vote', 'check', proposal)).toMatch(
    /city-study of drivers would open .* 5 on the roll, 5 needed/,
  )
  expect(await good('vote', 'list')).not.toContain('city-study')
  expect(await good('vote', 'open', proposal)).toContain('city-study of drivers opens')
  expect(await good('vote', 'open', later, '--slug', 'city-later')).toContain(`opens ${day} 10:00`)
  const titled = (await good('vote', 'list')).split('\n').filter((line) => line.includes('City transport study'))
  expect(titled).toHaveLength(2)
  expect(titled.find((line) => line.includes('city-later'))).toContain(`notice\t${day} 10:00 till`)
  expect(await refused('vote', 'close', 'city-study')).toMatch(/opens at .*Asia\/Kolkata.*vote withdraw city-study/)
  expect(await good('vote', 'withdraw', 'city-study')).toMatch(/^withdrawn .* it was to open .*Asia\/Kolkata/m)
  expect(await good('vote', 'list')).toMatch(/city-study\tordinary\twithdrawn\twas to open/)
  const again = await good('vote', 'withdraw', 'city-study')
  expect(again).toMatch(/^city-study was withdrawn already at .*Kolkata/)
  expect(again).not.toMatch(/is told/)
  expect(await refused('vote', 'open', proposal)).toContain('which was withdrawn')
  expect(await refused('vote', 'check', proposal)).toContain('which was withdrawn')
  expect(
    await good('vote', 'open', path.join(charters, 'proposals/drivers-quick.yaml'), '--slug', 'again'),
  ).toContain('open')
  expect(await refused('vote', 'withdraw', 'again')).toContain('vote close again')
})

test('reports are exported, to a file that is the owner’s alone', async () => {
  expect(await good('report', 'export', 'shift')).toMatch(/^member,day,hours/)
  expect(await refused('report', 'export', 'price')).toContain('Use one of: shift')
  const out = path.join(folder, 'shift.csv')
  await good('report', 'export', 'shift', '--out', out)
  expect(statSync(out).mode & 0o777).toBe(0o600)
  expect(await refused('report', 'export', 'shift', '--out', path.join(folder, 'none', 'x.csv'))).toBe(
    `There is no folder ${path.join(folder, 'none')}. Make it, or name a file in another with --out.\n`,
  )
  expect(await refused('report', 'export', 'shift', '--out', folder)).toContain(`${folder} cannot be written`)
})

test('a form names its co-op, unless several have it', async () => {
  await good('charter', 'apply', path.join(charters, 'market.yaml'))
  expect(await good('report', 'export', 'shift')).toMatch(/^member,day,hours/)
  expect(await good('report', 'export', 'price')).toMatch(/^member,/)
  expect(await refused('report', 'export', 'taxes')).toBe(
    'No co-op has a form "taxes". Use one of: shift of drivers, price of market.\n',
  )
  const source = readFileSync(path.join(charters, 'market.yaml'), 'utf8')
  const twin = source.replace(/^id: market$/m, 'id: twin').replaceAll('+447700900200', '+447700900300')
  await good('charter', 'apply', file('twin.yaml', twin))
  expect(await refused('report', 'export', 'price')).toContain('market and twin have a form "price"')
})

test('migrate says what it did', async () => {
  expect(await good('migrate')).toContain('Nothing was missing')
})

test('the doctor names the folder on which nothing runs', async () => {
  const { out } = await command({ COOPLINE_DATA: path.join(folder, 'nowhere') }, 'doctor')
  expect(out).toContain(`no Coopline runs on ${path.join(folder, 'nowhere')}: set it, or run "npm start"`)
})

test('the doctor looks at every part and names what is bad', async () => {
  const { out, code } = await coopline(
    { ...env, COOPLINE_REDSI_MS: '1', REDIS_URL: 'redis://127.0.0.1:1' },
    'doctor',
  )
  expect(out).toMatch(/^ok {4}Node 24/m)
  expect(out).toContain('look  COOPLINE_REDSI_MS is set and is no setting of ours')
  expect(out).toMatch(/^BAD {3}Redis/m)
  expect(out).toMatch(/^ok {4}Postgres \d+/m)
  expect(out).toMatch(/^ok {4}drivers, charter version 1/m)
  expect(code).toBe(1)
})
