// Sees to it that the tests have a real redis-server: the one on PATH, or Debian's, fetched into a cache folder without root.
// It installs nothing on the machine, and where it can get none it says in one line what to install.
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = join(import.meta.dirname, '../../node_modules/.cache/redis')
const needed = ['redis-server', 'redis-tools']

/** Puts a redis-server on the PATH of this process and its children; an error with one line where there is none to be had. */
export async function ensureRedis(): Promise<void> {
  if (await works('redis-server')) return
  const fetched = join(cache, 'bin/redis-server')
  if (!(await works(fetched))) await fetchRedis().catch(refuse)
  if (!(await works(fetched))) refuse(new Error('the fetched one does not run'))
  process.env.PATH = `${join(cache, 'bin')}${delimiter}${process.env.PATH}`
}

function refuse(cause: unknown): never {
  const why = cause instanceof Error ? cause.message.split('\n')[0] : 'for an unknown reason'
  throw new Error(
    `The tests need a redis-server, 6.2 or newer, on PATH: install one (apt-get install redis-server). ${why}`,
  )
}

function works(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  )
}

/** Unpacks Debian's packages beside the cache and moves them there once whole: two runs at once do not mix. */
async function fetchRedis(): Promise<void> {
  const draft = `${cache}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  try {
    await download(draft).catch(async () => {
      // The lists of a fresh container are empty; filling them takes root.
      await run('apt-get', ['update'])
      await download(draft)
    })
    await unpack(draft)
    writeStarter(draft)
    rmSync(cache, { recursive: true, force: true })
    renameSync(draft, cache)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function download(folder: string): Promise<void> {
  const packages = [...needed, ...(await missingLibraries())]
  await run('apt-get', ['download', ...packages], { cwd: folder })
}

/** What Redis' packages depend on and this machine lacks: libraries and Lua's modules, by their packages' names. */
async function missingLibraries(): Promise<string[]> {
  const { stdout } = await run('apt-cache', ['depends', '--important', '--no-pre-depends', ...needed])
  const named = stdout.split('\n').flatMap((line) => /^ +Depends: ((?:lib|lua-)\S+)/.exec(line)?.[1] ?? [])
  const present = await Promise.all(named.map(installed))
  return [...new Set(named.filter((_, index) => !present[index]))]
}

function installed(name: string): Promise<boolean> {
  return run('dpkg-query', ['--status', name]).then(
    ({ stdout }) => /^Status: .* installed$/m.test(stdout),
    () => false,
  )
}

async function unpack(folder: string): Promise<void> {
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.deb')) continue
    await run('dpkg', ['-x', join(folder, file), join(folder, 'root')])
    rmSync(join(folder, file))
  }
}

/** A starter of the same name that shows Redis its libraries; `exec` keeps the pid. */
function writeStarter(folder: string): void {
  const root = join(cache, 'root')
  const libraries = [...libraryFolders(join(folder, 'root'))].map((path) => join(root, path)).join(':')
  const script = [
    '#!/bin/sh',
    `export LD_LIBRARY_PATH="${libraries}:$LD_LIBRARY_PATH"`,
    `exec "${join(root, 'usr/bin/redis-server')}" "$@"`,
  ]
  mkdirSync(join(folder, 'bin'))
  const starter = join(folder, 'bin/redis-server')
  writeFileSync(starter, `${script.join('\n')}\n`)
  chmodSync(starter, 0o755)
}

function libraryFolders(root: string): string[] {
  return ['lib', 'usr/lib'].flatMap((base) => {
    if (!existsSync(join(root, base))) return []
    const below = readdirSync(join(root, base)).filter((name) => name.includes('linux-gnu'))
    return [base, ...below.map((name) => join(base, name))]
  })
}
