// Redis as the program sees it: fast or not at all. A command that has no answer in time fails, nothing is queued while
// it is away, and whoever asks goes on without it.
import { once } from 'node:events'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../log.ts'

export type RedisClient = Redis | Cluster

/** Opens Redis; connecting goes on in the background. */
export function openRedis(url: string, timeout: number, log: Log): RedisClient {
  const redis = connectRedis(url, false, {
    commandTimeout: timeout,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  })
  let down = false
  redis.on('error', (error: Error) => {
    // ioredis says it at every attempt; the operator needs it once for each time that Redis goes away.
    if (!down) log.warn({ event: 'redis_down', reason: error.message })
    down = true
  })
  redis.on('ready', () => {
    if (down) log.info({ event: 'redis_back' })
    down = false
  })
  return redis
}

const patienceMs = 5_000

/** Opens Redis for one thing, where there is time, and closes it again; throws where it does not answer. */
export async function withRedis(url: string, log: Log, use: (redis: RedisClient) => Promise<void>): Promise<void> {
  const redis = openRedis(url, patienceMs, log)
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(patienceMs) })
    await use(redis)
  } finally {
    redis.disconnect()
  }
}

const again = (attempt: number) => Math.min(attempt * 50, 1_000)

type Patience = Pick<
  RedisOptions,
  'commandTimeout' | 'connectTimeout' | 'maxRetriesPerRequest' | 'autoResendUnfulfilledCommands'
>

/** Connects to one Redis, or to a cluster where the url names several nodes, and again whenever it was lost. */
export function connectRedis(url: string, enableOfflineQueue: boolean, options: Patience): RedisClient {
  const nodes = url.split(',').map((node) => node.trim())
  const [only] = nodes
  if (nodes.length === 1 && only) return new Redis(only, { ...options, enableOfflineQueue, retryStrategy: again })
  const redisOptions = { ...options, ...accessIn(only ?? '') }
  return new Cluster(nodes, { enableOfflineQueue, redisOptions, clusterRetryStrategy: again })
}

/** What a url says of how to be let in, for those nodes of a cluster that no url names. */
export function accessIn(url: string): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  if (!URL.canParse(url)) return {}
  const { protocol, username, password } = new URL(url)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

/** What is wrong with this Redis for us, in words; nothing where all is well. */
export async function redisComplaint(redis: RedisClient): Promise<string | undefined> {
  try {
    const info = String(await redis.info('memory'))
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown'
    if (policy === 'noeviction') return undefined
    return `its maxmemory-policy is ${policy}; set "maxmemory-policy noeviction", or jobs vanish when memory is short`
  } catch {
    return 'it does not answer'
  }
}
