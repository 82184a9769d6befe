// All checks, one after the other, on databases that begin with the members of the bench; and what the processes weigh
// while all members talk and calls wait.
import { bursts, type Checked, repeats } from './checks.ts'
import { peopleFrom } from './dialogue.ts'
import { forgeries } from './forgeries.ts'
import { closedLoop, readyOf, walkOf } from './load.ts'
import type { Members } from './members.ts'
import { type Place, type Running, startOurs } from './place.ts'
import { restarts } from './restarts.ts'
import { bothHalves } from './runs.ts'
import { memoryOf } from './usage.ts'
import type { Weighed } from './verdict.ts'

const name = 'bench_checks'

/** Runs them; `count` senders each. */
export async function runChecks(place: Place, { template, texts }: Members, count: number): Promise<Checked[]> {
  const url = await place.database(name, template)
  await place.settle()
  const [one, other] = [await startOurs(place, 'web', url), await startOurs(place, 'web', url)]
  const single = { url, texts, ports: [one.port, one.port] } as const
  const double = { url, texts, ports: [one.port, other.port] } as const
  const half = count / 2
  const checked = [
    await bursts('three at once, one process', single, peopleFrom(110_000, count)),
    await bursts('three at once, two processes', double, peopleFrom(120_000, count)),
    await repeats('repeats at once, one process', single, bothHalves(130_000, 0, half), 0),
    await repeats('repeats at once, two processes', double, bothHalves(140_000, half, half), 0),
    await repeats('repeats after 200 ms', double, bothHalves(150_000, 2 * half, half), 200),
    await forgeries(single, peopleFrom(160_000, 20)),
  ]
  await Promise.all([one.stop(), other.stop()])
  checked.push(await restarts(place, { url, texts }, bothHalves(170_000, 3 * half, 5 * half), 3))
  await place.dropDatabase(name)
  return checked
}

/** The most memory, in MB, of a web and a worker process while every member asks for the vote. */
export async function weigh(place: Place, { template, texts }: Members, count: number): Promise<Weighed> {
  const url = await place.database(name, template)
  await place.settle()
  const worker = await startOurs(place, 'worker', url)
  const web = await startOurs(place, 'web', url)
  const walks = peopleFrom(0, count - 4).map((person) => walkOf(person, ['ballot', 'counted'], 3))
  const { wrong, samples } = await closedLoop(web.port, texts, readyOf(walks), 64)
  const weight = ({ pid }: Running) => memoryOf(pid).most
  const weighed = { web: weight(web), worker: weight(worker), wrong, samples }
  await Promise.all([web.stop(), worker.stop()])
  await place.dropDatabase(name)
  return weighed
}
