// The command line's beginning: decides nothing.
import { enableCompileCache } from 'node:module'
import path from 'node:path'

// Compiling is half of what a short command takes. The cache is ours, not in the folder for everyone's temporary files.
enableCompileCache(path.join(import.meta.dirname, '../node_modules/.cache/coopline'))
const { run } = await import('./commands/program.ts')

if (!(await run(process.argv.slice(2)))) process.exit(1)
