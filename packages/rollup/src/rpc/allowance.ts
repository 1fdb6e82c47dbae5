import { RPC, RpcError } from './error.js'

/**
 * What the calls of one POST may answer together, in values: hashes, quantities, fields. Answers are made and serialised
 * without a pause, so that a longer one would keep everybody else waiting. An answer of a few values costs nothing: the
 * number of calls bounds those.
 */
export class Allowance {
  #left: number

  constructor(values: number) {
    this.#left = values
  }

  /** To be asked before the values are made. Throws an RpcError. */
  take(values: number): void {
    if (values > this.#left) {
      throw new RpcError(
        RPC.limit,
        'response_too_large',
        'response too large: ask for fewer blocks or percentiles at once, or send fewer calls in a batch',
      )
    }
    this.#left -= values
  }
}
