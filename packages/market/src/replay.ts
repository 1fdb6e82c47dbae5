import type { Address, Bytes32, SignatureChecker } from '@weft/protocol'
import type { Bid } from './bid.js'
import { canonical } from './canonical.js'
import { checkSignature, type Decision, type Output } from './input.js'
import { entryHash, genesisHash, type LogEntry, type MarketLog, sealDigest } from './log.js'
import { Market } from './market.js'
import type { Ranked } from './policy.js'

/** What a replay found. */
export type Replay =
  | { readonly kind: 'same'; readonly market: Market }
  | { readonly kind: 'broken-chain'; readonly index: number }
  | {
      /** The recorded answer is not what the rules answer. */
      readonly kind: 'differs'
      readonly index: number
      readonly recorded: Output
      readonly computed: Output
      /** As it stands after the computed answer. */
      readonly market: Market
    }

/** Answers all inputs again, with the same code, and compares bit for bit; stops at the first difference. */
export const replay = (log: MarketLog): Replay => {
  const market = new Market(log.rules)
  let previous = genesisHash(log.rules)
  for (const [index, entry] of log.entries.entries()) {
    if (entry.index !== index || entry.previous !== previous || entry.hash !== entryHash(entry)) {
      return { kind: 'broken-chain', index }
    }
    previous = entry.hash
    const computed = market.apply(entry.input)
    if (canonical(computed) !== canonical(entry.output)) {
      return { kind: 'differs', index, recorded: entry.output, computed, market }
    }
  }
  return { kind: 'same', market }
}

/** A bid that should have stood where another, or nobody, was put. */
export interface LeftOut {
  /** Of the decision. */
  readonly index: number
  readonly job: Bytes32
  readonly position: number
  readonly better: Bid
  /** The entry that admitted the better bid: its offer or its opening. */
  readonly admittedAt: number
  /** Who was put there; null for nobody. */
  readonly recorded: Ranked | null
  /** `left_out`: the decision does not list the bid; `passed_over`: it lists it, and ranks it wrongly. */
  readonly how: 'left_out' | 'passed_over'
}

const ranksOf = (decision: Decision, job: Bytes32): readonly Ranked[] =>
  decision.filled.fills.find((fill) => fill.job === job)?.match.ranks ?? []

const admittedAt = (entries: readonly LogEntry[], bid: Bid): number =>
  entries.findIndex(
    ({ input, output }) =>
      (output.kind === 'admitted' && output.id === bid.id) ||
      (input.kind === 'reveal' &&
        output.kind === 'done' &&
        input.bid.prover === bid.prover &&
        input.salt === bid.salt),
  )

/**
 * Shows from a log alone the first decision that left out or passed over a better bid; null if none did. Everything
 * in the answer is in the log's own entries, so whoever has the log can check it by calling this.
 */
export const proveLeftOut = (log: MarketLog): LeftOut | null => {
  const found = replay(log)
  if (found.kind !== 'differs') return null
  const { index, recorded, computed } = found
  if (computed.kind !== 'decided' || recorded.kind !== 'decided') return null
  for (const { job, match } of computed.filled.fills) {
    const put = ranksOf(recorded, job)
    const position = match.ranks.findIndex((rank, i) => put[i]?.bid !== rank.bid)
    const better = computed.saw.find((bid) => bid.id === match.ranks[position]?.bid)
    if (better === undefined) continue
    const how = recorded.saw.some((bid) => bid.id === better.id) ? 'passed_over' : 'left_out'
    const at = admittedAt(log.entries.slice(0, index), better)
    return { index, job, position, better, admittedAt: at, recorded: put[position] ?? null, how }
  }
  return null
}

/** The first entry or seal of a log whose signature is not its owner's; null if all are. */
export const findForgery = async (
  log: MarketLog,
  coordinator: Address,
  checker: SignatureChecker,
): Promise<{ readonly kind: 'entry' | 'seal'; readonly index: number } | null> => {
  const { domain } = log.rules
  for (const { index, input, output } of log.entries) {
    // What was refused changed nothing, whoever signed it.
    if (output.kind !== 'refused' && (await checkSignature(domain, input, checker)))
      return { kind: 'entry', index }
  }
  for (const seal of log.seals) {
    const isSigned = await checker.isSignedBy(coordinator, sealDigest(domain, seal), seal.signature)
    if (!isSigned || log.entries[seal.index]?.hash !== seal.head) return { kind: 'seal', index: seal.index }
  }
  return null
}
