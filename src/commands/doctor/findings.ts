// What the doctor says of one setting or server: that it is well, that it is worth a look, or what to do.

export interface Finding {
  readonly how: 'good' | 'odd' | 'bad'
  readonly what: string
}

export const good = (what: string): Finding => ({ how: 'good', what })
export const odd = (what: string): Finding => ({ how: 'odd', what })
export const bad = (what: string): Finding => ({ how: 'bad', what })
