// Which language a co-op speaks with whom.
import type { Charter, Language } from './charter.ts'

/** Her language where the co-op still speaks it, else the co-op's first. */
export function spokenWith({ id, languages }: Pick<Charter, 'id' | 'languages'>, hers?: Language | null): Language {
  const [first] = languages
  if (!first) throw new Error(`The charter of ${id} has no language; apply one that has`)
  return hers && languages.includes(hers) ? hers : first
}
