import type { Limits } from '@weft/proof'
import { cancelled, type Watched, withLimits } from './limits.js'

/** The jobs of a child process, one after the other: what ends one of them does nothing to the others. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  constructor(readonly child: Watched) {}

  /**
   * Has the child to itself, after everybody who came before: a job's time begins with its turn. One that is cancelled
   * while it waits fails at once. Errors: those of the limits and of `work`.
   */
  take<T>(limits: Limits, work: () => Promise<T>): Promise<T> {
    const { signal } = limits
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(cancelled())
      if (signal.aborted) return onAbort()
      signal.addEventListener('abort', onAbort, { once: true })
      this.#last = this.#last
        .then(() => withLimits(this.child, limits, work))
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', onAbort))
    })
  }
}
