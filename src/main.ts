// The command line: knows every command, decides nothing.
import { enableCompileCache } from 'node:module'
import path from 'node:path'

// Compiling is half of what a short command takes. The cache is ours, not in the folder for everyone's temporary files.
enableCompileCache(path.join(import.meta.dirname, '../node_modules/.cache/coopline'))
const { programFor } = await import('./commands/program.ts')
const { sayError } = await import('./commands/running.ts')

try {
  const program = await programFor(process.argv.slice(2))
  await program.parseAsync()
} catch (error) {
  console.error(sayError(error))
  process.exit(1)
}
