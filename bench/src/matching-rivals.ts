import { OrderBook, Side } from 'nodejs-order-book'
import type { Load, LoadOffer, LoadRequest } from './matching-load.js'

/** Whoever runs a load. Each call is one decision, with everything that it brings about. */
export interface Matcher {
  /** The matched offer, or null. */
  request(request: LoadRequest): string | null
  cancelRequest(ago: number): void
  cancelOffer(at: number, next: LoadOffer): void
}

/** Reservations are held for so many matches: then the job is done. */
export const HELD = 1000

interface Scanned {
  readonly load: LoadOffer
  room: number
}

/**
 * All offers in one array, and for each request a scan through it: plain numbers and no allocation, what one would
 * write first. `perProgram` keeps an array for each program.
 */
export const createScan = (load: Load, perProgram: boolean): Matcher => {
  const scanned = load.offers.map((offer): Scanned => ({ load: offer, room: offer.capacity }))
  const lists = load.programs.map((_, p) =>
    perProgram ? scanned.filter((one) => one.load.program === p) : scanned,
  )
  const held: { one: Scanned; work: number }[] = []
  const release = (ago: number) => {
    const [job] = held.splice(Math.max(0, held.length - ago), 1)
    if (job) job.one.room += job.work
  }
  return {
    request: ({ program, work, need, terms }) => {
      const [amount, limit, maxMs] = [Number(work), Number(need.limitWeiPerMwork), Number(need.maxMsPerMwork)]
      const collateral = Number(terms.collateralWei)
      let best: Scanned | null = null
      for (const one of lists[program] as Scanned[]) {
        const { load: offer, room } = one
        if (offer.program !== program || offer.price > limit || room < amount) continue
        if (offer.offer.msPerMwork > maxMs || offer.collateral < collateral) continue
        if (best === null || offer.price < best.load.price) best = one
      }
      if (best === null) return null
      best.room -= amount
      held.push({ one: best, work: amount })
      if (held.length > HELD) release(held.length)
      return best.load.id
    },
    cancelRequest: release,
    cancelOffer: (at, next) => {
      const one: Scanned = { load: next, room: next.capacity }
      const before = scanned[at] as Scanned
      scanned[at] = one
      if (perProgram) {
        const list = lists[next.program] as Scanned[]
        list[list.indexOf(before)] = one
      }
    },
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
  const resting = [...load.offers]
  for (const { id, program, capacity, price } of resting) put(id, program, capacity, price)
  const held: { program: number; size: number; price: number }[] = []
  let serial = 0
  const release = (ago: number) => {
    const [job] = held.splice(Math.max(0, held.length - ago), 1)
    if (job) put(`r${serial++}`, job.program, job.size, job.price)
  }
  return {
    request: ({ program, work }) => {
      const size = Number(work)
      const { done, partial, err } = (books[program] as OrderBook).market({ side: Side.BUY, size })
      if (err) throw err
      const [first] = done
      const matched = partial ?? first
      if (!matched) return null
      held.push({ program, size, price: 'price' in matched ? (matched.price as number) : 0 })
      if (held.length > HELD) release(held.length)
      return matched.id
    },
    cancelRequest: release,
    cancelOffer: (at, next) => {
      const { id, program } = resting[at] as LoadOffer
      // It may have been sold out: then there is nothing to cancel.
      ;(books[program] as OrderBook).cancel(id)
      put(next.id, program, next.capacity, next.price)
      resting[at] = next
    },
  }
}
