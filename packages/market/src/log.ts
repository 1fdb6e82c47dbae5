import {
  asciiBytes,
  type Bytes32,
  digestOf,
  hashWords,
  keccak256,
  type MarketDomain,
  type SignatureChecker,
  type StructType,
  tag,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { canonical, contentHash, parseCanonical } from './canonical.js'
import type { Input, Output } from './input.js'
import type { MarketRules } from './market.js'

const ENTRY = tag('market-log-entry')
const GENESIS = tag('market-log')

/** One input and its answer, chained to all before. */
export interface LogEntry {
  readonly index: number
  /** Hash of the entry before; of the rules for the first. */
  readonly previous: Bytes32
  readonly input: Input
  readonly output: Output
  readonly hash: Bytes32
}

/** The coordinator's signature under everything up to an entry: what it cannot take back. */
export interface LogSeal {
  readonly index: number
  readonly head: Bytes32
  readonly signature: string
}

export interface MarketLog {
  readonly rules: MarketRules
  readonly entries: readonly LogEntry[]
  readonly seals: readonly LogSeal[]
}

export const LOG_SEAL: StructType = {
  name: 'LogSeal',
  fields: [
    { name: 'index', type: 'uint64' },
    { name: 'head', type: 'bytes32' },
  ],
}

export const genesisHash = (rules: MarketRules): Bytes32 =>
  hashWords(GENESIS, contentHash(rules), ZERO_BYTES32)

/** Chains content that is known by its hash alone: what a receipt's path is made of. */
export const chainHash = (previous: Bytes32, index: number, input: Bytes32, output: Bytes32): Bytes32 =>
  hashWords(ENTRY, previous, uintToBytes32(BigInt(index)), input, output)

export const entryHash = (entry: Omit<LogEntry, 'hash'>): Bytes32 =>
  chainHash(entry.previous, entry.index, contentHash(entry.input), contentHash(entry.output))

/** What the coordinator signs to seal its log up to an entry. */
export const sealDigest = (domain: MarketDomain, seal: Pick<LogSeal, 'index' | 'head'>): Bytes32 =>
  digestOf(domain, LOG_SEAL, seal)

/** Signs digests with the coordinator's key. */
export interface DigestSigner {
  sign(digest: Bytes32): Promise<string>
}

/** An entry as it is stored and sent: its hash is over exactly these texts. */
export interface EncodedEntry {
  readonly index: number
  readonly previous: Bytes32
  /** Canonical texts. */
  readonly input: string
  readonly output: string
  readonly hash: Bytes32
}

const textHash = (text: string): Bytes32 => keccak256(asciiBytes(text))

/** Whether an entry's hash is that of its texts. */
export const isIntact = ({ index, previous, input, output, hash }: EncodedEntry): boolean =>
  chainHash(previous, index, textHash(input), textHash(output)) === hash

/** Throws a SyntaxError for texts that are not canonical. */
export const decodeEntry = ({ input, output, ...rest }: EncodedEntry): LogEntry => ({
  ...rest,
  input: parseCanonical(input) as Input,
  output: parseCanonical(output) as Output,
})

/** The end of a log that is kept elsewhere: makes its next entry. */
export class LogTail {
  #next: number
  #head: Bytes32

  /** Behind `last`; at the beginning without it. */
  constructor(rules: MarketRules, last?: Pick<EncodedEntry, 'index' | 'hash'>) {
    this.#next = last ? last.index + 1 : 0
    this.#head = last?.hash ?? genesisHash(rules)
  }

  /** Index and hash of the last entry: what a seal signs. Index -1 where there is none. */
  get end(): Pick<LogSeal, 'index' | 'head'> {
    return { index: this.#next - 1, head: this.#head }
  }

  append(input: Input, output: Output): EncodedEntry {
    const texts = { input: canonical(input), output: canonical(output) }
    const [index, previous] = [this.#next++, this.#head]
    this.#head = chainHash(previous, index, textHash(texts.input), textHash(texts.output))
    return { index, previous, ...texts, hash: this.#head }
  }
}

/** A log as it is written. Entries are hashed one by one and signed together, as often as its owner seals it. */
export class LogWriter implements MarketLog {
  readonly entries: LogEntry[] = []
  readonly seals: LogSeal[] = []
  #head: Bytes32

  constructor(readonly rules: MarketRules) {
    this.#head = genesisHash(rules)
  }

  get head(): Bytes32 {
    return this.#head
  }

  append(input: Input, output: Output): LogEntry {
    const body = { index: this.entries.length, previous: this.#head, input, output }
    const entry = { ...body, hash: entryHash(body) }
    this.entries.push(entry)
    this.#head = entry.hash
    return entry
  }

  /** Signs everything so far; null if there is nothing new to sign. */
  async seal(signer: DigestSigner): Promise<LogSeal | null> {
    const index = this.entries.length - 1
    if (index < 0 || this.seals.at(-1)?.index === index) return null
    const body = { index, head: this.#head }
    const seal = { ...body, signature: await signer.sign(sealDigest(this.rules.domain, body)) }
    this.seals.push(seal)
    return seal
  }
}

/** What a prover keeps of its offer: the entry, and its way to a seal. */
export interface Receipt {
  readonly entry: LogEntry
  /** Content hashes of the entries behind it, up to the sealed one. */
  readonly path: readonly { readonly input: Bytes32; readonly output: Bytes32 }[]
  readonly seal: LogSeal
}

/** The receipt of an entry under the first seal that covers it; undefined while none does. */
export const receiptOf = (log: MarketLog, index: number): Receipt | undefined => {
  const entry = log.entries[index]
  const seal = log.seals.find((candidate) => candidate.index >= index)
  if (!entry || !seal) return undefined
  const behind = log.entries.slice(index + 1, seal.index + 1)
  return {
    entry,
    path: behind.map(({ input, output }) => ({ input: contentHash(input), output: contentHash(output) })),
    seal,
  }
}

/** The entry is under the seal. Whether the seal is the coordinator's, a signature checker says. */
export const receiptLeadsToSeal = ({ entry, path, seal }: Receipt): boolean => {
  const head = path.reduce(
    (hash, { input, output }, i) => chainHash(hash, entry.index + 1 + i, input, output),
    entryHash(entry),
  )
  return head === seal.head && entry.index + path.length === seal.index
}

/**
 * The coordinator has signed this receipt and a log that does not contain it: it told two stories. Both signatures
 * are checked; `coordinator` is the address that seals.
 */
export const provesFork = async (
  receipt: Receipt,
  log: MarketLog,
  coordinator: Bytes32,
  checker: SignatureChecker,
): Promise<boolean> => {
  const { seal } = receipt
  const published = log.seals.find((other) => other.index >= seal.index)
  const signed = async (one: LogSeal) =>
    checker.isSignedBy(coordinator, sealDigest(log.rules.domain, one), one.signature)
  return (
    published !== undefined &&
    log.entries[published.index]?.hash === published.head &&
    receiptLeadsToSeal(receipt) &&
    log.entries[seal.index]?.hash !== seal.head &&
    (await signed(seal)) &&
    (await signed(published))
  )
}
