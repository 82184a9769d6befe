// A place for one lane: opened when it is needed, given up when its connection is lost, opened again.
import type { Log } from '../log.ts'
import { type Lane, openLane } from './lane.ts'

export interface LaneSlot {
  busy: boolean
  open(): Promise<Lane>
  /** After an error: the transaction is rolled back, or the connection given up. */
  recover(error: Error): Promise<void>
  close(): Promise<void>
}

const reconnectMs = 100

/** A slot whose lane is not open yet. */
export function laneSlot(databaseUrl: string, log: Log): LaneSlot {
  let lane: Lane | undefined
  const drop = (lost: Lane | undefined, error: Error) => {
    if (!lost || lost !== lane) return
    log.warn({ event: 'lane_lost', reason: error.message })
    lane = undefined
  }
  // The last words of a connection that is gone may come when the next is open already.
  const open = async (): Promise<Lane> => {
    let opened: Lane | undefined
    opened = await openLane(databaseUrl, (error) => drop(opened, error))
    return opened
  }
  return {
    busy: false,
    open: async () => {
      lane ??= await open()
      return lane
    },
    recover: async (error) => {
      const failed = lane
      // Without a connection the next attempt would follow at once, and fail as fast.
      if (!failed) return void (await new Promise((resolve) => setTimeout(resolve, reconnectMs)))
      try {
        await failed.rollback()
      } catch {
        drop(failed, error)
        await failed.close().catch(() => {})
      }
    },
    close: async () => {
      await lane?.close().catch(() => {})
      lane = undefined
    },
  }
}
