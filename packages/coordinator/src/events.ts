import type { ApiEvent } from '@weft/api'
import type { Job, Lease } from '@weft/plan'
import type { Journal } from './journal.js'
import type { Clock } from './ports.js'

type Body<E> = E extends ApiEvent ? Omit<E, 'seq' | 'atMs'> : never
export type EventBody = Body<ApiEvent>

/** How many events a reader can be behind and still get all of them. */
const KEPT = 8192

/** Sequence numbers of one run of the process; the next run's are above them. */
const PER_BOOT = 2 ** 32

/** What happens, as it becomes durable. */
export class Events {
  readonly #kept: ApiEvent[] = []
  readonly #listeners = new Set<(event: ApiEvent) => void>()
  #seq = 0

  constructor(
    readonly clock: Clock,
    readonly journal: Journal,
  ) {}

  /** `boot` counts the starts of this coordinator's data folder. */
  start(boot: number): void {
    this.#seq = boot * PER_BOOT
  }

  get lastSeq(): number {
    return this.#seq
  }

  /** Tells it once everything put in the journal so far is durable. */
  emit(body: EventBody): void {
    const atMs = this.clock.nowMs()
    this.journal.afterCommit(() => {
      const event: ApiEvent = { ...body, seq: ++this.#seq, atMs }
      this.#kept.push(event)
      if (this.#kept.length >= 2 * KEPT) this.#kept.splice(0, KEPT)
      for (const listener of this.#listeners) listener(event)
    })
  }

  /** Events behind `since`, led by `events_lost` where some are no longer kept. */
  after(since: number): ApiEvent[] {
    const missed = this.#kept.filter((event) => event.seq > since)
    const [oldest] = missed
    const isWhole = since >= this.#seq || oldest?.seq === since + 1
    if (isWhole) return missed
    const seq = oldest ? oldest.seq - 1 : this.#seq
    return [{ type: 'events_lost', seq, atMs: this.clock.nowMs() }, ...missed]
  }

  /** Calls back with every event from now on; the returned function ends it. The listener must not throw. */
  listen(listener: (event: ApiEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}

/** The part of an event that says which job it is about. */
export const jobRef = ({ spec }: Job) => ({ job: spec.id, kind: spec.kind, target: spec.target })

/** The part of an event that says whose lease it is about. */
export const holderOf = ({ id, prover, node }: Lease) => ({ lease: id, prover, node })
