import {
  DEFAULT_LIMITS,
  DEFAULT_REPUTATION,
  type Input,
  LogWriter,
  Market,
  OfferBook,
  type Request,
  requestId,
} from '@weft/market'
import { type Bytes32, uintToBytes32 } from '@weft/protocol'
import { median, rounded, say } from './machine.js'
import { createLoad, fillBook, type Load, type LoadOffer, NOW_MS } from './matching-load.js'
import { createPeer, createScan, HELD, type Matcher } from './matching-rivals.js'

/*
 * Decisions of a resting book under a stream of requests and cancellations, all on one thread. A request is matched
 * with three ranks and its winner's work is set aside; a cancelled request gives it back; a cancelled offer leaves
 * and the prover's next one is checked and rests instead. Only requests and cancellations count as decisions; what
 * they bring about (new offers, jobs that are done) is in their time.
 */
const RANKS = 3
const PASSES = 5

const createOurs = (load: Load, ranks: number): Matcher => {
  const book = new OfferBook({ limits: DEFAULT_LIMITS, classOf: (program) => program, newcomerWork: 2 ** 30 })
  fillBook(book, load)
  const resting = [...load.offers]
  const held: string[] = []
  const release = (ago: number) => {
    const [key] = held.splice(Math.max(0, held.length - ago), 1)
    if (key !== undefined) book.release(key)
  }
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
      held.push(id)
      if (held.length > HELD) release(held.length)
      return winner.bid
    },
    cancelRequest: release,
    cancelOffer: (at, next) => {
      book.withdraw((resting[at] as LoadOffer).id)
      const refusal = book.add(next.id, next.offer, NOW_MS)
      if (refusal) throw new Error(`${refusal.code}: ${refusal.reason}`)
      resting[at] = next
    },
  }
}

/** Runs steps, and answers with what requests matched; with `latenciesUs`, notes how long each took. */
const play = (matcher: Matcher, steps: Load['steps'], latenciesUs?: Float64Array): (string | null)[] => {
  const matched: (string | null)[] = []
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Load['steps'][number]
    const startedMs = latenciesUs ? performance.now() : 0
    if (step.kind === 'request') matched.push(matcher.request(step.request))
    else if (step.kind === 'cancel-request') matcher.cancelRequest(step.ago)
    else matcher.cancelOffer(step.at, step.next)
    if (latenciesUs) latenciesUs[i] = (performance.now() - startedMs) * 1000
  }
  return matched
}

/** Decisions a second, the median of passes over the steps; the first steps warm up. */
const speedOf = (matcher: Matcher, load: Load, passes = PASSES): number => {
  const size = Math.floor(load.steps.length / (passes + 1))
  play(matcher, load.steps.slice(0, size))
  const rates = Array.from({ length: passes }, (_, pass) => {
    const steps = load.steps.slice((pass + 1) * size, (pass + 2) * size)
    const startedMs = performance.now()
    play(matcher, steps)
    return (1000 * steps.length) / (performance.now() - startedMs)
  })
  return median(rates)
}

const p99Of = (matcher: Matcher, load: Load): number => {
  const half = Math.floor(load.steps.length / 2)
  play(matcher, load.steps.slice(0, half))
  const latenciesUs = new Float64Array(load.steps.length - half)
  play(matcher, load.steps.slice(half), latenciesUs)
  return latenciesUs.sort()[Math.floor(latenciesUs.length * 0.99)] ?? Number.NaN
}

/** The index answers what a scan answers, or the figures mean nothing. */
const checkAgreement = (load: Load) => {
  const steps = load.steps.slice(0, 2000)
  const [ours, scan] = [play(createOurs(load, RANKS), steps), play(createScan(load, true), steps)]
  const differs = ours.findIndex((id, i) => id !== scan[i])
  if (differs >= 0)
    throw new Error(`request ${differs}: matched ${ours[differs]}, a scan finds ${scan[differs]}`)
  say(`checked against a scan: ${ours.filter((id) => id !== null).length} of ${ours.length} requests match`)
}

/** Microseconds a decision, all offers in one program: how cost grows with the book. */
const growth = (): Record<string, number> => {
  const usAt: Record<string, number> = {}
  for (const offers of [1_000, 10_000, 100_000]) {
    const load = createLoad({ offers, programs: 1, steps: 120_000, priceOnly: false })
    usAt[offers] = rounded(1e6 / speedOf(createOurs(load, RANKS), load), 2)
    say(`${offers} offers of one program: ${usAt[offers]} us a decision`)
  }
  return usAt
}

/** Decisions a second through the whole market, each hashed into the log with its input: the price of being checked. */
const loggedPerSecond = (load: Load, count: number): number => {
  const domain = { chainId: 31_337n, contract: `0x${'5e'.repeat(20)}` } as const
  const rules = { domain, limits: DEFAULT_LIMITS, reputation: DEFAULT_REPUTATION, classes: [], ranks: RANKS }
  const [market, log] = [new Market(rules), new LogWriter(rules)]
  fillBook(market.book, load)
  const word = (n: number) => uintToBytes32(BigInt(n))
  const requests = load.steps
    .flatMap((step) => (step.kind === 'request' ? [step.request] : []))
    .slice(0, count)
  const inputs = requests.map(({ program, terms, work }, i): Input => {
    const request: Request = {
      ...terms,
      requester: `0x${'7e'.repeat(20)}`,
      program: load.programs[program] as Bytes32,
      input: word(i),
      pre: word(0),
      offerDeadlineS: terms.proofDeadlineS - 1n,
      revealS: 0,
      policy: 0,
      winners: 1,
      delivery: 1,
      nonce: BigInt(i),
    }
    const admitted = market.apply({ atMs: NOW_MS, kind: 'request', request, signature: '0x' })
    if (admitted.kind !== 'admitted') throw new Error(JSON.stringify(admitted.kind))
    const jobs = [{ job: word(i), work }]
    return { atMs: NOW_MS, kind: 'match', request: requestId(domain, request), jobs, seed: null }
  })
  const startedMs = performance.now()
  for (const input of inputs) log.append(input, market.apply(input))
  return (1000 * inputs.length) / (performance.now() - startedMs)
}

export const run = async (): Promise<object> => {
  const size = { offers: 100_000, programs: 100, steps: 600_000, priceOnly: false }
  const load = createLoad(size)
  checkAgreement(load)
  const decisionsPerSecond = speedOf(createOurs(load, RANKS), load)
  const p99Us = p99Of(createOurs(load, RANKS), load)
  say(`the book: ${Math.round(decisionsPerSecond)} decisions/s, p99 ${rounded(p99Us, 1)} us`)

  const few = (steps: number): Load => ({ ...load, steps: load.steps.slice(0, steps) })
  const scanned = speedOf(createScan(load, false), few(1_200))
  const scannedPerProgram = speedOf(createScan(load, true), few(60_000))
  say(
    `a scan through all offers: ${Math.round(scanned)}/s; one program's offers: ${Math.round(scannedPerProgram)}/s`,
  )

  const byPrice = createLoad({ ...size, steps: 300_000, priceOnly: true })
  const peer = speedOf(createPeer(byPrice), byPrice)
  const oursByPrice = speedOf(createOurs(byPrice, 1), byPrice)
  say(`by price alone: nodejs-order-book ${Math.round(peer)}/s, the book ${Math.round(oursByPrice)}/s`)

  return {
    decisionsPerSecond: Math.round(decisionsPerSecond),
    p99Us: rounded(p99Us, 1),
    vsNaive: rounded(decisionsPerSecond / scanned, 1),
    vsPeer: rounded(oursByPrice / peer, 2),
    vsNaivePerProgram: rounded(decisionsPerSecond / scannedPerProgram, 1),
    usByBookSize: growth(),
    loggedPerSecond: Math.round(loggedPerSecond(load, 20_000)),
  }
}
