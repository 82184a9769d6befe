// Where a web process is heard; where it cannot be, what to set is said with the value that stands there now.
import type http from 'node:http'

const noAddress =
  'set HOST to 127.0.0.1 for this machine alone, to 0.0.0.0 for all, or to an address of this machine'

/** Why nobody can be heard at an address, and what to set. */
function unheard(error: Error, host: string, port: number): Error {
  const code = 'code' in error ? error.code : undefined
  const said = (message: string) => new Error(message, { cause: error })
  if (code === 'EADDRNOTAVAIL') return said(`HOST ${host} is no address of this machine: ${noAddress}.`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return said(`HOST ${host} is no name that is known here: ${noAddress}.`)
  if (code === 'EACCES') return said(`PORT ${port} is kept for root here: set PORT to one from 1024 up.`)
  return error
}

/** Begins to hear at an address, and gives the port. */
export function listen(server: http.Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(unheard(error, host, port))
    server.once('error', refuse)
    server.listen({ port, host, backlog: 1024 }, () => {
      server.off('error', refuse)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
