// Waits for all of several writes of one transaction, also where one of them fails: a statement sent after the rollback
// would stand by itself, or in the transaction of others.

/** Resolves when all have ended; throws the first failure only then. */
export async function settled(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
}
