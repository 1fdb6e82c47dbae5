import { type Address, type Bytes32, isAddress, isBytes32 } from '@weft/protocol'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../durable.js'

const bytes32 = z.string().refine(isBytes32)
const uint = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)
const entry = z.object({
  work: uint,
  job: bytes32,
  position: uint,
  siblings: z.array(z.tuple([bytes32, bytes32])),
})
const claim = z.object({
  claimHash: bytes32,
  job: bytes32,
  work: uint,
  payouts: bytes32,
  entries: z.array(entry).min(1),
  tenants: z.array(z.string().refine(isAddress)),
  isNew: z.boolean(),
})
const pool = z.object({
  claimsRoot: bytes32,
  payouts: bytes32,
  entries: z.array(entry).min(1),
  seenWei: uint,
  drawnWei: uint,
  isDirty: z.boolean(),
})
const state = z.object({
  cursor: z.int().nonnegative().nullable(),
  scannedTo: uint.nullable(),
  withdrawnWei: uint,
  paid: z.array(bytes32),
  claims: z.array(claim),
  pools: z.array(pool),
})

/** One of the prover's entries, with its path; whose it is goes without saying. */
export type OwnEntry = z.output<typeof entry>

/** A claim with entries of the prover's that are not paid. */
export interface UnpaidClaim extends z.output<typeof claim> {
  /** Who opened it; each has filled a pool of its own. Anyone may open a claim, so the first may be a stranger. */
  tenants: Address[]
  /** Whether openings before it was heard of are still to be looked for. */
  isNew: boolean
}

/** A shared pool with entries of the prover's; it fills with every opening. */
export interface SharedPool extends z.output<typeof pool> {
  /** What the pool had collected when it was last looked at. */
  seenWei: bigint
  /** What it had collected when its entries were last paid. */
  drawnWei: bigint
  /** Whether it may have collected more since. */
  isDirty: boolean
}

/** What a prover has coming, as it is on disk. */
export interface EarningsState {
  /** Where the coordinator's list was read to. */
  cursor: number | null
  /** The last block whose openings were read. */
  scannedTo: bigint | null
  withdrawnWei: bigint
  /** The latest claims that were paid: hearing of them again changes nothing. */
  paid: Bytes32[]
  claims: UnpaidClaim[]
  pools: SharedPool[]
}

/** What `saveState` wrote; the empty state if there is no file. Throws where the file is damaged. */
export const loadState = async (path: string): Promise<EarningsState> => {
  const bytes = await readIfThere(path)
  if (bytes === null)
    return { cursor: null, scannedTo: null, withdrawnWei: 0n, paid: [], claims: [], pools: [] }
  return state.parse(JSON.parse(bytes.toString()))
}

export const saveState = (path: string, earnings: EarningsState): Promise<void> =>
  writeDurably(
    path,
    JSON.stringify(earnings, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
  )
