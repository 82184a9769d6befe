// Seals hold: they open only with their key and in their place; keys are made, rotated, and missed when they are lost.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import pino from 'pino'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase, openPool } from '../../src/store/database.ts'
import { checkKeys, KeyError, keysOf, makeKeys, readKeys, rotateKeys } from '../../src/store/keys.ts'
import { indexOf, seal, unseal } from '../../src/store/seal.ts'
import { testFolder } from '../stage/folder.ts'
import { testDatabase } from '../stage/servers.ts'

const folder = () => path.join(testFolder(), 'keys')

describe('a seal', () => {
  const keys = makeKeys(folder())

  test('gives back any text, and never the same bytes twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const [one, other] = [seal(keys, text, 'a.b'), seal(keys, text, 'a.b')]
        expect(unseal(keys, one, 'a.b')).toBe(text)
        expect(one.equals(other)).toBe(false)
      }),
    )
  })

  test('does not open in another place, nor with one byte changed', () => {
    const sealed = seal(keys, 'sms:+447700900301', 'contacts.address')
    expect(() => unseal(keys, sealed, 'contacts.snapshot')).toThrow()
    for (let at = 0; at < sealed.length; at++) {
      const broken = Buffer.from(sealed)
      broken[at] = (broken[at] ?? 0) ^ 1
      expect(() => unseal(keys, broken, 'contacts.address')).toThrow()
    }
  })

  test('hides the text from whoever lacks the key, in its index too', () => {
    const other = makeKeys(folder())
    expect(() => unseal(other, seal(keys, 'a', 'p'), 'p')).toThrow()
    expect(indexOf(keys, 'a').equals(indexOf(other, 'a'))).toBe(false)
    expect(indexOf(keys, 'a').equals(indexOf(keys, 'a'))).toBe(true)
  })
})

describe('keys', () => {
  test('are rotated without losing what the old one sealed', () => {
    const place = folder()
    const before = seal(makeKeys(place), 'kept', 'p')
    const keys = rotateKeys(place)
    expect(keys.newest).toBe(2)
    expect(unseal(keys, before, 'p')).toBe('kept')
    expect(seal(keys, 'new', 'p')[0]).toBe(2)
  })

  test('that were made after the start of a process open in it what the others seal', async () => {
    const [place, database] = [folder(), await testDatabase()]
    const db = openDatabase(openPool(database.url, 1, pino({ level: 'silent' })))
    const running = makeKeys(place)
    const ready = readKeys(place)
    const restarted = rotateKeys(place)
    expect(unseal(running, seal(restarted, 'new', 'p'), 'p')).toBe('new')
    expect(seal(running, 'old', 'p')[0]).toBe(1)
    await checkKeys(db, restarted, place)
    await checkKeys(db, ready, place)
    await db.destroy()
    await database.drop()
  })

  test('of which some or all are lost are not made anew; what to restore is said', async () => {
    const [place, database] = [folder(), await testDatabase()]
    const db = openDatabase(openPool(database.url, 1, pino({ level: 'silent' })))
    makeKeys(place)
    await keysOf(db, place)
    rmSync(path.join(place, 'index.key'))
    expect(() => readKeys(place)).toThrow('Restore index.key from your backup')
    expect(() => makeKeys(place)).toThrow('has keys already')
    rmSync(path.join(place, 'seal-1.key'))
    await expect(keysOf(db, place)).rejects.toThrow('are gone')
    rmSync(place, { recursive: true })
    await expect(keysOf(db, place)).rejects.toThrow('are gone')
    writeFileSync(place, '')
    expect(() => makeKeys(place)).toThrow('must name a directory')
    await db.destroy()
    await database.drop()
  })

  test('that are missing are named, and looked for again once they can be there', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const [place, file] = [folder(), 'seal-2.key']
    const running = makeKeys(place)
    const sealed = seal(rotateKeys(place), 'new', 'p')
    renameSync(path.join(place, file), path.join(place, 'away'))
    const open = () => unseal(running, sealed, 'p')
    expect(open).toThrow(KeyError)
    renameSync(path.join(place, 'away'), path.join(place, file))
    expect(open).toThrow('restore seal-2.key')
    vi.advanceTimersByTime(2000)
    expect(open()).toBe('new')
  })

  test('are refused, with the file and what to do, when they are missing or damaged', () => {
    const place = folder()
    expect(() => readKeys(place)).toThrow('keys make')
    makeKeys(place)
    expect(() => makeKeys(place)).toThrow('has keys already')
    writeFileSync(path.join(place, 'seal-1.key'), 'c2hvcnQ=\n')
    expect(() => readKeys(place)).toThrow('seal-1.key is damaged: it holds 5 bytes, not 32')
  })

  test('that a database was sealed with are missed at the start', async () => {
    const database = await testDatabase()
    const pool = openPool(database.url, 1, pino({ level: 'silent' }))
    const db = openDatabase(pool)
    const place = folder()
    makeKeys(place)
    await checkKeys(db, rotateKeys(place), place)
    rmSync(path.join(place, 'seal-1.key'))
    await expect(checkKeys(db, readKeys(place), place)).rejects.toThrow('seal-1.key in')
    const foreign = folder()
    await expect(checkKeys(db, makeKeys(foreign), foreign)).rejects.toThrow('Restore it from your backup')
    await db.destroy()
    await database.drop()
  })
})
