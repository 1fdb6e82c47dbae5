import type { Abi, ContractEventName } from 'viem'
import { isUnreachable } from './link.js'
import { read } from './read.js'

/** An event of an ABI, with its types. */
export const eventOf = <const A extends Abi, N extends ContractEventName<A>>(abi: A, name: N) =>
  abi.find((item) => item.type === 'event' && item.name === name) as Extract<
    A[number],
    { type: 'event'; name: N }
  >

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
