// The machine as it runs: the flows, the commands that start them, and the words by which they are heard.
import { commands, flows } from '../../flows/index.ts'
import type { Machine } from '../conversation/machine.ts'
import { vocabulary } from './speak/words.ts'

export const machine: Machine = { flows, commands, vocabulary }
