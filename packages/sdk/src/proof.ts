import { type Connection, type Opening, type OrderView, type RecordOpening, readBlob } from '@weft/api'
import { decodeDirectProof } from '@weft/proof'
import {
  type Bytes32,
  type Claim,
  type MarketDomain,
  requestId,
  type Statement,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'
import { checkOpening, checkRecord } from './opening.js'
import type { ProgramStatement } from './program-system.js'

/** The questions to L1 that make a proof count. Errors: `l1_unavailable`. */
export interface ProofReader {
  /** The settlement's `isProven`. */
  isProven(opening: Pick<Opening, 'claim' | 'index' | 'siblings'>): Promise<boolean>
  /** The registry's `isProven`. */
  isRecorded(record: Pick<RecordOpening, 'job' | 'index' | 'siblings'>): Promise<boolean>
}

/** Where a statement is recorded as proven: the `RecordPath` that contracts built on `WeftConsumer` take. */
export interface RecordPath {
  /** In an aggregate of the settlement; else in the registry. */
  readonly aggregated: boolean
  /** Of the claim in the aggregate, in gates, and the root of its entries; zero in the registry. */
  readonly work: bigint
  readonly payouts: Bytes32
  readonly index: bigint
  readonly siblings: readonly Bytes32[]
}

interface Settled {
  readonly request: Bytes32
  /** What is proven. */
  readonly statement: Statement
  /** What a contract needs to ask L1 the same. */
  readonly path: RecordPath
  /** The transaction that L1 has it by. */
  readonly l1Tx: Bytes32
  /** Asks L1 whether the statement is proven; nobody else's word counts. Errors: `l1_unavailable`. */
  verifyOnChain(): Promise<boolean>
}

/** A proof that was merged with others, as its request's coordinator opens it. */
export interface ClaimProof extends Settled {
  readonly kind: 'claim'
  readonly claim: Claim
  /** See `isProven` of the settlement. */
  readonly opening: Opening
}

/** A proof that was delivered by itself, or in a batch of its kind. */
export interface RecordProof extends Settled {
  readonly kind: 'record'
  /** In the order in which the program makes them public. */
  readonly publicInputs: readonly Bytes32[]
  /**
   * The proof as a verifier on L1 takes it, for contracts of one's own; the coordinator keeps it for a while. Errors:
   * `unknown_blob`, `bad_answer`.
   */
  download(options?: { readonly signal?: AbortSignal }): Promise<Uint8Array>
}

/** A proof that is settled. */
export type Proof = ClaimProof | RecordProof

const never = new AbortController().signal

/**
 * Refuses an order that is not the request of that id: the id binds owner, program, pre and data. Its post is the
 * coordinator's word, until the claim is opened. Throws `bad_answer`.
 */
export const checkOrder = (order: OrderView, id: Bytes32, domain: MarketDomain): OrderView => {
  if (order.id === id && requestId(domain, order.request) === id) return order
  throw new WeftError(
    'bad_answer',
    'the coordinator shows another request than that of the id: use another coordinator',
    { request: id },
  )
}

const claimProof = (request: Bytes32, opening: Opening, reader: ProofReader): ClaimProof => {
  const { claim, index, siblings, l1Tx } = opening
  const { program, pre, post, data, work, payouts } = claim
  return {
    kind: 'claim',
    ...{ request, claim, opening, l1Tx },
    statement: { program, pre, post, data },
    path: { aggregated: true, work, payouts, index, siblings },
    verifyOnChain: () => reader.isProven(opening),
  }
}

/** The largest proof that is downloaded, with its public inputs, in bytes. */
const MAX_PROOF_BYTES = 2 ** 24

const download = async (
  connection: Connection,
  { proof: digest, publicInputs }: RecordOpening,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const bytes = await connection.ask(signal, async (api) =>
    readBlob(await api.getBlob({ params: { digest }, signal }), digest, MAX_PROOF_BYTES),
  )
  const decoded = decodeDirectProof(bytes)
  if (decoded?.publicInputs.join() === publicInputs.join()) return decoded.proof
  throw new WeftError('bad_answer', 'the coordinator gave another proof: use another coordinator', {
    digest,
  })
}

const recordProof = (
  { request, statement, opening }: { request: Bytes32; statement: Statement; opening: RecordOpening },
  connection: Connection,
  reader: ProofReader,
): RecordProof => {
  const { publicInputs, index, siblings, l1Tx } = opening
  return {
    kind: 'record',
    ...{ request, statement, publicInputs, l1Tx },
    path: { aggregated: false, work: 0n, payouts: ZERO_BYTES32, index, siblings },
    verifyOnChain: () => reader.isRecorded(opening),
    download: ({ signal = never } = {}) => download(connection, opening, signal),
  }
}

/** A request's opening, checked. Errors: `not_settled`, `unknown_batch`, `bad_opening`. */
export const openProof = async (
  connection: Connection,
  { id, request, post }: OrderView,
  asked: ProgramStatement | null,
  reader: ProofReader,
  signal: AbortSignal,
): Promise<Proof> => {
  const opening = await connection.ask(signal, (api) => api.opening({ params: { id }, signal }))
  const { program, pre, data } = request
  if (asked !== null && (asked.pre !== pre || asked.data !== data)) {
    throw new WeftError('bad_opening', 'the request is of another statement than the one asked for', {
      request: id,
    })
  }
  const statement = { program, pre, data, post: asked?.post ?? post }
  if (!('kind' in opening)) return claimProof(id, checkOpening(opening, statement), reader)
  const record = { request: id, statement, opening: checkRecord(opening, statement) }
  return recordProof(record, connection, reader)
}
