import { parseArgs } from 'node:util'
import { readAnchorSettings } from './canned.ts'
import { runIdeal } from './ideal.ts'
import { makeMembers } from './members.ts'
import { runNaive } from './naive.ts'
import { openPlace } from './place.ts'
import { bothHalves, closedRun, openRun } from './runs.ts'

const { values } = parseArgs({
  options: { as: { type: 'string' }, settings: { type: 'string' }, quick: { type: 'boolean', default: false } },
})

if (values.as && values.settings) {
  const settings = readAnchorSettings(values.settings)
  if (values.as === 'naive') runNaive(settings)
  else runIdeal(settings)
} else {
  const place = await openPlace()
  try {
    const count = values.quick ? 2000 : 10000
    let t = performance.now()
    const members = await makeMembers(place, count, count * 10)
    console.log(
      'members',
      ((performance.now() - t) / 1000).toFixed(1),
      's',
      (members.joined.sent / members.joined.seconds).toFixed(0),
      '/s',
    )
    t = performance.now()
    const bench = {
      place,
      members,
      walks: bothHalves(20_000, 0, count / 2),
      warmUp: bothHalves(40_000, count / 2, 400),
      nodeOptions: [],
    }
    console.log('walks', ((performance.now() - t) / 1000).toFixed(1))
    for (const stage of ['ideal', 'naive', 'ours', 'ideal', 'naive', 'ours'] as const) {
      const f = await closedRun(bench, stage, 64)
      console.log(JSON.stringify(f, (_, v) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v)))
    }
    console.log(
      JSON.stringify(await openRun(bench, 'ours', { rate: 400, seconds: 8 }), (_, v) =>
        typeof v === 'number' ? Math.round(v * 100) / 100 : v,
      ),
    )
  } finally {
    await place.close()
  }
}
