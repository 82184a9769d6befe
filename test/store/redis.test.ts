// How the nodes of a cluster are reached that no url names.
import { expect, test } from 'vitest'
import { accessIn } from '../../src/store/redis.ts'

test.each([
  ['redis://10.0.0.1:7000', {}],
  ['redis://:s%40cret@10.0.0.1:7000', { password: 's@cret' }],
  ['rediss://coop:secret@redis.example.org', { username: 'coop', password: 'secret', tls: {} }],
  ['10.0.0.1:7000', {}],
])('%s', (url, access) => expect(accessIn(url)).toEqual(access))
