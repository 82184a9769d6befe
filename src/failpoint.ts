// Places where a test may have the process killed, as a power cut would: at a name, on its Nth passage. It never
// reads a setting by itself; unarmed, a place costs one comparison.

let armed: { readonly name: string; left: number } | undefined

/** Arms `name` or `name:N`; whoever starts the process refuses it beside a real account. */
export function armFailpoint(setting: string): void {
  const [, name, passage = '1'] = /^([a-z_]+)(?::([1-9]\d{0,6}))?$/.exec(setting) ?? []
  if (!name)
    throw new Error(`COOPLINE_FAILPOINT is "${setting}"; write a name such as after_claim or after_claim:3.`)
  armed = { name, left: Number(passage) }
}

/** Kills this process where the name is armed and its passage has come. */
export function failpoint(name: string): void {
  if (armed?.name !== name || --armed.left > 0) return
  process.kill(process.pid, 'SIGKILL')
  // On a busy machine the signal may take a moment, in which nothing more may happen.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
