// One running instance per data folder, whatever was killed before.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimInstance, findInstance } from '../../src/store/instance.ts'
import { testFolder } from '../stage/folder.ts'

const running = {
  url: 'http://127.0.0.1:3000',
  databaseUrl: 'postgres://coopline@localhost/coopline',
  keys: '/keys',
}
const module = JSON.stringify(join(import.meta.dirname, '../../src/store/instance.ts'))
let folder: string

beforeEach(() => {
  folder = testFolder()
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Claims the folder in a process of its own, which then says so and stays. */
function claimElsewhere() {
  const script = `import { claimInstance } from ${module}
    claimInstance(${JSON.stringify(folder)}).announce(${JSON.stringify(running)})
    console.log('claimed')
    setInterval(() => {}, 1000)`
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

test('who claimed is found, and who released is not', () => {
  const claim = claimInstance(folder)
  expect(findInstance(folder)).toBeUndefined()
  claim.announce({ ...running, carrierUrl: 'http://127.0.0.1:3001' })
  expect(findInstance(folder)).toMatchObject({ ...running, pid: process.pid, carrierUrl: 'http://127.0.0.1:3001' })
  expect(statSync(join(folder, 'running.json')).mode & 0o777).toBe(0o600)
  claim.release()
  expect(findInstance(folder)).toBeUndefined()
})

test('a second claim is refused, names the first and leaves it alone', () => {
  const claim = claimInstance(folder)
  claim.announce(running)
  expect(() => claimInstance(folder)).toThrow(`Coopline already runs on ${folder} (pid ${process.pid})`)
  expect(findInstance(folder)).toBeDefined()
  claim.release()
  claimInstance(folder).release()
})

test('a folder of another user is said to be that, by who would start and by who looks for it', async () => {
  claimInstance(folder).announce(running)
  chmodSync(folder, 0)
  // Root may read what it likes.
  const script = `import { claimInstance, findInstance } from ${module}
    if (process.getuid() === 0) process.setuid(65534)
    for (const use of [findInstance, ...(process.getuid() === 65534 ? [claimInstance] : [])])
      try { use(${JSON.stringify(folder)}) } catch (error) { console.log(error.message) }`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script])
  const said = stdout.trim().split('\n')
  expect(said.length).toBe(process.getuid?.() === 0 ? 2 : 1)
  for (const line of said) expect(line).toMatch(/is another user's: .*COOPLINE_DATA/)
  chmodSync(folder, 0o700)
})

test('a folder that the system cannot make is refused, and waited for by nobody', () => {
  expect(() => claimInstance('/proc/coopline/data')).toThrow(/\/proc\/coopline\/data cannot be a folder/)
})

test('releasing twice does not take the folder from who came after', () => {
  const claim = claimInstance(folder)
  claim.release()
  const next = claimInstance(folder)
  next.announce(running)
  claim.release()
  expect(findInstance(folder)).toBeDefined()
  next.release()
})

test('kill -9 gives the folder free', async () => {
  const other = claimElsewhere()
  await once(other.stdout, 'data')
  expect(findInstance(folder)?.pid).toBe(other.pid)
  expect(() => claimInstance(folder)).toThrow(`pid ${other.pid}`)
  other.kill('SIGKILL')
  await once(other, 'exit')
  expect(findInstance(folder)).toBeUndefined()
  claimInstance(folder).release()
})

test('a pid that was given out again is not taken for the one before', () => {
  claimInstance(folder)
  const turn = join(folder, 'turn.1')
  writeFileSync(turn, readFileSync(turn, 'utf8').replace(/"since": "[^"]*"/, '"since": "an earlier life"'))
  claimInstance(folder).release()
})

test('of many that follow a dead one at once, exactly one runs', async () => {
  const dead = claimElsewhere()
  await once(dead.stdout, 'data')
  dead.kill('SIGKILL')
  await once(dead, 'exit')
  // All wait for the same instant, claim, and hold until the last of them has tried.
  const at = Date.now() + 1_500
  const script = `import { claimInstance } from ${module}
    while (Date.now() < ${at});
    try { claimInstance(${JSON.stringify(folder)}); console.log('claimed') } catch { console.log('refused') }
    setTimeout(() => {}, 2_000)`
  const args = ['--input-type=module-typescript', '-e', script]
  const all = await Promise.all(Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, args)))
  expect(all.filter(({ stdout }) => stdout.trim() === 'claimed')).toHaveLength(1)
})
