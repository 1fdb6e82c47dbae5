import { needOf } from '@weft/market'
import { OrderBook, Side } from 'nodejs-order-book'
import { type Load, type LoadOffer, type LoadRequest, NOW_MS, RIGHTS } from './matching-load.js'

/** Whoever runs a load. Each call is one decision, with everything that it brings about. */
export interface Matcher {
  /** The matched offer, or null. */
  request(request: LoadRequest): string | null
  cancelRequest(ago: number): void
  cancelOffer(offer: LoadOffer): void
  /** A new offer comes to rest. */
  rest(offer: LoadOffer): void
}

/** Jobs are held for so many matches: then they are done. */
const HELD = 1000

/** Matched jobs, the newest first to be cancelled by how many matches ago they were. Constant time. */
export const createHeld = <T>(release: (job: T) => void) => {
  const ring: (T | undefined)[] = Array.from({ length: HELD }, () => undefined)
  let matches = 0
  const free = (at: number) => {
    const job = ring[at]
    ring[at] = undefined
    if (job !== undefined) release(job)
  }
  return {
    hold: (job: T) => {
      const at = matches++ % HELD
      free(at)
      ring[at] = job
    },
    cancel: (ago: number) => free((matches - ago + HELD) % HELD),
  }
}

interface Scanned {
  readonly load: LoadOffer
  jobs: number
  inProgress: number
}

/**
 * All offers in one set, and for each request a scan through it: plain numbers and no allocation, what one would
 * write first. `perProgram` keeps a set for each program.
 */
export const scan =
  (perProgram: boolean) =>
  (load: Load): Matcher => {
    const scanned = new Map<string, Scanned>()
    const all = new Set<Scanned>()
    const lists = load.programs.map(() => (perProgram ? new Set<Scanned>() : all))
    const rest = (offer: LoadOffer) => {
      const one = { load: offer, jobs: 0, inProgress: 0 }
      scanned.set(offer.id, one)
      lists[offer.program]?.add(one)
    }
    load.offers.forEach(rest)
    const held = createHeld<{ one: Scanned; work: number }>((job) => {
      job.one.jobs--
      job.one.inProgress -= job.work
    })
    return {
      request: ({ program, work, terms }) => {
        const need = needOf(terms, work, NOW_MS)
        const [amount, limit, maxMs] = [
          Number(work),
          Number(need.limitPriceWei),
          Number(need.maxTurnaroundMs),
        ]
        const collateral = Number(terms.collateralWei)
        let best: Scanned | null = null
        for (const one of lists[program] as Set<Scanned>) {
          const { load: offer, jobs, inProgress } = one
          if (offer.program !== program || offer.price > limit) continue
          if (jobs >= offer.offer.capacity || RIGHTS - inProgress < amount) continue
          if (offer.turnaroundMs > maxMs || offer.collateral < collateral) continue
          if (best === null || offer.price < best.load.price) best = one
        }
        if (best === null) return null
        best.jobs++
        best.inProgress += amount
        held.hold({ one: best, work: amount })
        return best.load.id
      },
      cancelRequest: held.cancel,
      cancelOffer: ({ id, program }) => {
        lists[program]?.delete(scanned.get(id) as Scanned)
        scanned.delete(id)
      },
      rest,
    }
  }

/**
 * nodejs-order-book, one book per program, at what it can do: match by price alone. A request buys its work at the
 * market; a job that is done or cancelled offers the work again.
 */
export const createPeer = (load: Load): Matcher => {
  const books = load.programs.map(() => new OrderBook())
  const put = (id: string, program: number, size: number, price: number) => {
    const { err } = (books[program] as OrderBook).limit({ side: Side.SELL, id, size, price })
    if (err) throw err
  }
  const rest = ({ id, program, price }: LoadOffer) => put(id, program, RIGHTS, price)
  load.offers.forEach(rest)
  let serial = 0
  const held = createHeld<{ program: number; size: number; price: number }>((job) =>
    put(`r${serial++}`, job.program, job.size, job.price),
  )
  return {
    request: ({ program, work }) => {
      const size = Number(work)
      const { done, partial, err } = (books[program] as OrderBook).market({ side: Side.BUY, size })
      if (err) throw err
      const [first] = done
      const matched = partial ?? first
      if (!matched) return null
      held.hold({ program, size, price: 'price' in matched ? (matched.price as number) : 0 })
      return matched.id
    },
    cancelRequest: held.cancel,
    // It may have been sold out: then there is nothing to cancel.
    cancelOffer: ({ id, program }) => void (books[program] as OrderBook).cancel(id),
    rest,
  }
}
