// What each command starts, and what may follow its word. The words themselves are in locales/*/commands.json; the
// co-op's own word and those of its forms are in its charter.
import type { CommandRule } from '../src/conversation/machine.ts'

export const commands = {
  menu: { flow: 'menu', rest: 'nothing' },
  join: { flow: 'join', rest: 'anything' },
  language: { flow: 'language', rest: 'anything' },
  data: { flow: 'consents', rest: 'nothing' },
  on: { flow: 'consents', rest: 'number', answers: { action: 'on' } },
  off: { flow: 'consents', rest: 'wish', answers: { action: 'off' } },
  report: { flow: 'report', rest: 'anything' },
  undo: { flow: 'undo', rest: 'nothing' },
  vote: { flow: 'vote', rest: 'anything' },
  my: { flow: 'my', rest: 'nothing' },
  leave: { flow: 'leave', rest: 'nothing' },
  erase: { flow: 'erase', rest: 'nothing' },
  ask: { flow: 'help', rest: 'nothing' },
} satisfies Record<string, CommandRule>
