// Lets messages go through one batch, which webhooks that come when they come only may.

import type { Answer, TextMessage } from '../../../src/exchange/message.ts'
import { isRefused } from '../../../src/exchange/webhook/arrival.ts'
import { cameAs, type Form, type Web } from '../stage.ts'

/** Handles them together, as far as they are of different people; gives the text of each answer. */
export async function inOneBatch(web: Web, forms: readonly Form[]): Promise<string[]> {
  const messages = await Promise.all(forms.map((form) => messageOf(web, form)))
  const answers = await Promise.all(messages.map((message) => web.counter.gather.submit(message)))
  return answers.map(textOf)
}

/** The message of a form, as its webhook would be read. */
export async function messageOf(web: Web, form: Form): Promise<TextMessage> {
  const read = await web.counter.read(cameAs(form))
  if (isRefused(read)) throw new Error(read.reason)
  return read
}

/** What an answer says, or how else it ended. */
export const textOf = (answer: Answer): string => (answer.end === 'answered' ? (answer.text ?? '') : answer.end)
