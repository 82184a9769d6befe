// The script behind `npm test` and `npm run soak`: sees to a redis-server, runs vitest with the words it was given, and
// counts. Its last line is always `N passed, N failed`; a run that broke off counts as a failure, never as nothing.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ensureRedis } from './stage/redis-server.ts'

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

const words = process.argv.slice(2)
process.exitCode = await main(
  words.includes('--soak'),
  words.filter((word) => word !== '--soak'),
)

async function main(soak: boolean, args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'coopline-report-'))
  try {
    await ensureRedis()
    const report = join(folder, 'report.json')
    const code = await runVitest(soak, [
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ])
    return conclude(code, readReport(report))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return conclude(1, undefined)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
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

function conclude(code: number, report: z.infer<typeof Report> | undefined): number {
  const passed = report?.numPassedTests ?? 0
  const broken = report?.testResults.filter(unreadable).length ?? 0
  const counted = (report?.numFailedTests ?? 0) + broken
  const failed = code !== 0 || !report ? Math.max(1, counted) : counted
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : code || 1
}

/** A file that failed before its first test. */
function unreadable({ status, assertionResults }: z.infer<typeof Report>['testResults'][number]): boolean {
  return status === 'failed' && assertionResults.every((one) => one.status !== 'failed')
}

function readReport(file: string): z.infer<typeof Report> | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
