// The script behind `npm test` and `npm run soak`: sees to a redis-server, runs vitest with the words it was given, and
// counts. Its last line is always `N passed, N failed`; a run that broke off counts as a failure, never as nothing.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { sweepAbandoned } from './stage/folder.ts'
import { ensureRedis } from './stage/redis_server.ts'

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})
type Report = z.infer<typeof Report>

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const args = words.filter((word) => word !== '--soak')
  const folder = mkdtempSync(join(tmpdir(), 'coopline-report-'))
  const file = join(folder, 'report.json')
  try {
    await ensureRedis()
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const code = await runVitest(words.includes('--soak'), [...args, ...reporters])
    // A run that was broken off had no time to end its servers.
    await sweepAbandoned()
    return conclude(code, readReport(file), args.some(picks))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return conclude(1, undefined, false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether a word picks tests by name: then the others are left out on purpose. */
function picks(word: string): boolean {
  return /^(-t|--testNamePattern)/.test(word)
}

/** Ctrl-C reaches vitest by itself, which then ends its servers: here it is only waited for. */
function runVitest(soak: boolean, args: readonly string[]): Promise<number> {
  const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
  const env = soak ? { ...process.env, COOPLINE_SOAK: '1' } : process.env
  const child = spawn(process.execPath, [vitest, 'run', ...args], { stdio: 'inherit', env })
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Says how it went. A test that was skipped counts as failed: nothing here passes by not being run. */
function conclude(code: number, report: Report | undefined, picked: boolean): number {
  const passed = report?.numPassedTests ?? 0
  const skipped = picked ? 0 : (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  const broken = report?.testResults.filter(unreadable).length ?? 0
  const counted = (report?.numFailedTests ?? 0) + broken + skipped
  const failed = code !== 0 || !report ? Math.max(1, counted) : counted
  if (skipped > 0) console.log(`${skipped} of the failed were skipped`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : code || 1
}

/** A file that failed before its first test. */
function unreadable({ status, assertionResults }: Report['testResults'][number]): boolean {
  return status === 'failed' && assertionResults.every((one) => one.status !== 'failed')
}

function readReport(file: string): Report | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
