import { isUnreachable } from './link.js'
import { read } from './read.js'

/** What most endpoints answer at once. */
const FIRST_BLOCKS = 10_000n

/**
 * Logs of the blocks `from` to `to`, both included, in parts: endpoints limit blocks or logs per answer and each in
 * its own words, so that any refusal halves the part. Errors: see `read`.
 */
export const logsInParts = async <T>(
  from: bigint,
  to: bigint,
  logs: (from: bigint, to: bigint) => Promise<readonly T[]>,
): Promise<T[]> => {
  const found: T[] = []
  let blocks = FIRST_BLOCKS
  let next = from
  while (next <= to) {
    const end = next + blocks - 1n < to ? next + blocks - 1n : to
    try {
      found.push(...(await logs(next, end)))
      next = end + 1n
    } catch (error) {
      if (blocks === 1n || isUnreachable(error)) return read('logs', Promise.reject(error))
      blocks /= 2n
    }
  }
  return found
}
