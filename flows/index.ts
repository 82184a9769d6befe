// The registry: every flow by its name, and the commands that start them.
import { commands } from './commands.ts'
import { consents } from './consents.ts'
import { erase } from './erase.ts'
import { help } from './help.ts'
import { join } from './join.ts'
import { language } from './language.ts'
import { leave } from './leave.ts'
import { menu } from './menu.ts'
import { my } from './my.ts'
import { report } from './report.ts'
import { start } from './start.ts'
import { stop } from './stop.ts'
import { undo } from './undo.ts'
import { vote } from './vote.ts'

export const flows = { consents, erase, help, join, language, leave, menu, my, report, start, stop, undo, vote }
export { commands }
