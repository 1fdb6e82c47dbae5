import { DEFAULT_LIMITS, DEFAULT_REPUTATION, type Input, LogWriter, Market, OfferBook } from '@weft/market'
import { type Bytes32, type Request, requestId, uintToBytes32 } from '@weft/protocol'
import { median, rounded, say } from './machine.js'
import { createLoad, fillBook, type Load, type LoadSize, NOW_MS, RIGHTS, type Step } from './matching-load.js'
import { createHeld, createPeer, type Matcher, scan } from './matching-rivals.js'

/*
 * Decisions of a resting book under a stream of requests and cancellations, all on one thread. A request is matched
 * with three ranks and its winner's work is set aside; a cancelled request gives it back; a cancelled offer leaves.
 * Jobs that are done are released in the time of the request that follows. New offers come to rest between parts of
 * the stream, outside the measured time, which is why their rate is a figure of its own.
 */
const RANKS = 3
const NOBODY = `0x${'00'.repeat(20)}` as const
const PASSES = 9

const ours =
  (ranks: number) =>
  (load: Load): Matcher => {
    const book = new OfferBook({
      limits: DEFAULT_LIMITS,
      classOf: (program) => program,
      newcomerWork: RIGHTS,
    })
    fillBook(book, load)
    const held = createHeld((key: string) => {
      book.release(key)
    })
    return {
      request: ({ id, program, terms, work }) => {
        const outcome = book.match(load.programs[program] as Bytes32, {
          request: id,
          terms,
          work,
          nowMs: NOW_MS,
          budgetWei: terms.maxTotalWei,
          ranks,
          winners: 1,
          seed: null,
        })
        if (outcome.kind === 'no-match') return null
        const [winner] = outcome.ranks
        book.reserve(id, winner.bid, work)
        held.hold(id)
        return winner.bid
      },
      cancelRequest: held.cancel,
      cancelOffer: ({ id }) => void book.withdraw(id),
      rest: ({ id, offer }) => {
        const refusal = book.add(id, offer, NOW_MS)
        if (refusal) throw new Error(`${refusal.code}: ${refusal.reason}`)
      },
    }
  }

/** Runs steps, and answers with what requests matched; with `latenciesUs`, notes how long each took. */
const play = (matcher: Matcher, steps: readonly Step[], latenciesUs?: Float64Array): (string | null)[] => {
  const matched: (string | null)[] = []
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step
    const startedMs = latenciesUs ? performance.now() : 0
    if (step.kind === 'request') matched.push(matcher.request(step.request))
    else if (step.kind === 'cancel-request') matcher.cancelRequest(step.ago)
    else matcher.cancelOffer(step.offer)
    if (latenciesUs) latenciesUs[i] = (performance.now() - startedMs) * 1000
  }
  return matched
}

type Make = (load: Load) => Matcher

/** Plays so many steps in parts that cancel a tenth of the offers at most; answers with the milliseconds they took. */
const playParts = (matcher: Matcher, load: Load, count: number, latenciesUs?: Float64Array): number => {
  const size = Math.min(count, load.offers.length / 2)
  let tookMs = 0
  for (let done = 0; done < count; done += size) {
    const { steps, fresh } = load.next(size)
    const startedMs = performance.now()
    play(matcher, steps, latenciesUs?.subarray(done, done + size))
    tookMs += performance.now() - startedMs
    for (const offer of fresh) matcher.rest(offer)
  }
  return tookMs
}

/** Decisions a second: the median of passes of so many steps, after one that warms up. */
const speedOf = (make: Make, size: LoadSize, count: number): number => {
  const load = createLoad(size)
  const matcher = make(load)
  playParts(matcher, load, count)
  return median(Array.from({ length: PASSES }, () => (1000 * count) / playParts(matcher, load, count)))
}

const p99Of = (make: Make, size: LoadSize, count: number): number => {
  const load = createLoad(size)
  const matcher = make(load)
  playParts(matcher, load, count)
  const latenciesUs = new Float64Array(count)
  playParts(matcher, load, count, latenciesUs)
  return latenciesUs.sort()[Math.floor(count * 0.99)] ?? Number.NaN
}

/** The index answers what a scan answers, or the figures mean nothing. */
const checkAgreement = (size: LoadSize) => {
  const load = createLoad(size)
  const { steps } = load.next(5_000)
  const [found, scanned] = [play(ours(RANKS)(load), steps), play(scan(true)(load), steps)]
  const differs = found.findIndex((id, i) => id !== scanned[i])
  if (differs >= 0)
    throw new Error(`request ${differs}: matched ${found[differs]}, a scan finds ${scanned[differs]}`)
  say(`as a scan answers: ${found.filter((id) => id !== null).length} of ${found.length} requests match`)
}

/** Offers a second that are checked and come to rest. */
const restingPerSecond = (size: LoadSize): number => {
  const load = createLoad(size)
  const matcher = ours(RANKS)(load)
  const rates = Array.from({ length: PASSES }, () => {
    const { steps, fresh } = load.next(20_000)
    play(matcher, steps)
    const startedMs = performance.now()
    for (const offer of fresh) matcher.rest(offer)
    return (1000 * fresh.length) / (performance.now() - startedMs)
  })
  return median(rates)
}

/** Microseconds a decision, all offers in one program: how cost grows with the book. */
const growth = (): Record<string, number> => {
  const usAt: Record<string, number> = {}
  for (const offers of [1_000, 10_000, 100_000]) {
    const rate = speedOf(ours(RANKS), { offers, programs: 1, priceOnly: false }, 50_000)
    usAt[offers] = rounded(1e6 / rate, 2)
    say(`${offers} offers of one program: ${usAt[offers]} us a decision`)
  }
  return usAt
}

/** Decisions a second through the whole market, each hashed into the log with its input: the price of being checked. */
const loggedPerSecond = (size: LoadSize, count: number): number => {
  const load = createLoad(size)
  const domain = { chainId: 31_337n, contract: `0x${'5e'.repeat(20)}` } as const
  const rules = {
    domain,
    limits: DEFAULT_LIMITS,
    reputation: DEFAULT_REPUTATION,
    classes: [],
    matcher: NOBODY,
    ranks: RANKS,
  }
  const [market, log] = [new Market(rules), new LogWriter(rules)]
  fillBook(market.book, load)
  const word = (n: number) => uintToBytes32(BigInt(n))
  const requests = load.next(count).steps.flatMap((step) => (step.kind === 'request' ? [step.request] : []))
  const inputs = requests.map(({ program, terms, work }, i): Input => {
    const { startPriceWei, maxPriceWei, maxTotalWei, proofDeadline, collateralWei } = terms
    const request: Request = {
      owner: `0x${'7e'.repeat(20)}`,
      program: load.programs[program] as Bytes32,
      pre: word(0),
      data: word(i),
      startPriceWei,
      maxPriceWei,
      maxTotalWei,
      offerDeadline: proofDeadline - 1,
      proofDeadline,
      collateralWei,
      policy: 0,
      delivery: 1,
      allowedProvers: word(0),
      matcher: NOBODY,
      nonce: BigInt(i),
    }
    const admitted = market.apply({ atMs: NOW_MS, kind: 'request', request, provers: [], signature: '0x' })
    if (admitted.kind !== 'admitted') throw new Error(JSON.stringify(admitted.kind))
    const jobs = [{ job: word(i), work }]
    return { atMs: NOW_MS, kind: 'match', request: requestId(domain, request), jobs, seed: null }
  })
  const startedMs = performance.now()
  for (const input of inputs) log.append(input, market.apply(input))
  return (1000 * inputs.length) / (performance.now() - startedMs)
}

export const run = async (): Promise<object> => {
  const size = { offers: 100_000, programs: 100, priceOnly: false }
  checkAgreement(size)
  const decisionsPerSecond = speedOf(ours(RANKS), size, 50_000)
  const p99Us = p99Of(ours(RANKS), size, 100_000)
  say(`the book: ${Math.round(decisionsPerSecond)} decisions/s, p99 ${rounded(p99Us, 1)} us`)

  const naive = speedOf(scan(false), size, 200)
  const perProgram = speedOf(scan(true), size, 5_000)
  say(`a scan through all offers: ${Math.round(naive)}/s; through one program's: ${Math.round(perProgram)}/s`)

  const byPrice = { ...size, priceOnly: true }
  const peer = speedOf(createPeer, byPrice, 50_000)
  const oursByPrice = speedOf(ours(1), byPrice, 50_000)
  say(`by price alone: nodejs-order-book ${Math.round(peer)}/s, the book ${Math.round(oursByPrice)}/s`)

  return {
    decisionsPerSecond: Math.round(decisionsPerSecond),
    p99Us: rounded(p99Us, 1),
    vsNaive: rounded(decisionsPerSecond / naive, 1),
    vsPeer: rounded(oursByPrice / peer, 2),
    vsNaivePerProgram: rounded(decisionsPerSecond / perProgram, 1),
    usByBookSize: growth(),
    restingPerSecond: Math.round(restingPerSecond(size)),
    loggedPerSecond: Math.round(loggedPerSecond(size, 10_000)),
  }
}
