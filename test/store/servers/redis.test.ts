// The Redis that one machine starts for itself, where there is one to start.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRedis } from '../../../src/store/servers/redis.ts'
import { testFolder } from '../../stage/folder.ts'

let folder: string

beforeEach(() => {
  folder = testFolder()
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('it evicts nothing, writes nothing to disk and ends cleanly', async () => {
  const server = await startRedis(join(folder, 'redis'))
  if (!server) throw new Error('no redis-server')
  const redis = new Redis(server.url)
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
  await redis.set('a', 'b')
  await expect(startRedis(join(folder, 'redis'))).rejects.toThrow('already runs')
  redis.disconnect()
  await server.stop()
  expect(existsSync(join(folder, 'redis/dump.rdb'))).toBe(false)
  expect(existsSync(join(folder, 'redis/starter.json'))).toBe(false)
})

test('a machine without redis-server has none, and nothing is left behind', async () => {
  expect(await startRedis(join(folder, 'redis'), { command: 'no-such-redis-server' })).toBeUndefined()
  expect(existsSync(join(folder, 'redis/starter.json'))).toBe(false)
})

test('a setting it does not know is an error that names the log', async () => {
  const attempt = startRedis(join(folder, 'redis'), { settings: { 'no-such-setting': 'yes' } })
  await expect(attempt).rejects.toThrow(join(folder, 'redis/redis.log'))
})
