import { type Hex, hexToBytes, uintToBytes32 } from '@weft/protocol'
import type { TransferTrace, Witness } from './execute.js'
import type { RollupConfig } from './state.js'

/** What a segment read and wrote. */
export interface SegmentTrace {
  readonly config: RollupConfig
  /** Root of the account tree before the segment. */
  readonly treeRootPre: bigint
  readonly transfers: readonly TransferTrace[]
  readonly sequencer: Witness
}

/** A number of any width as text: `0x` and 64 digits for hashes and addresses, decimal for the rest. */
type Num = string
type Bytes = readonly number[]

/** A leaf with its 32 siblings, the leaf's own level first. */
export interface LeafInput {
  readonly index: Num
  readonly next: Num
  readonly balance: Num
  readonly nonce: Num
  readonly path: readonly Num[]
}

/** One slot of the segment circuit; a disabled one repeats the first transfer, whose key and signature are well formed. */
export interface TransferInput {
  readonly enabled: boolean
  readonly nonce: Num
  readonly max_priority_fee_per_gas: Num
  readonly max_fee_per_gas: Num
  readonly gas_limit: Num
  readonly to: Num
  readonly value: Num
  readonly public_key_x: Bytes
  readonly public_key_y: Bytes
  /** r then s. */
  readonly signature: Bytes
  readonly sender: LeafInput
  readonly low: LeafInput & { readonly address: Num }
  readonly recipient: LeafInput & { readonly exists: boolean }
}

/** The segment circuit's inputs under their names there, as JSON; the node adds `prover`. */
export interface SegmentInputs {
  readonly segment: {
    readonly tree_root_pre: Num
    readonly chain_id: Num
    readonly sequencer: Num
    readonly base_fee_per_gas: Num
    readonly transfers: readonly TransferInput[]
    readonly sequencer_account: LeafInput
  }
}

const field = (value: Hex | bigint): Num => uintToBytes32(BigInt(value))
const bytes = (hex: Hex): Bytes => [...hexToBytes(hex)]

const leaf = ({ index, next, balanceWei, nonce, path }: Witness): LeafInput => ({
  index: index.toString(),
  next: field(next),
  balance: balanceWei.toString(),
  nonce: nonce.toString(),
  path: path.map(field),
})

const slot = ({ transfer, sender, low, recipient }: TransferTrace): TransferInput => ({
  enabled: true,
  nonce: transfer.nonce.toString(),
  max_priority_fee_per_gas: transfer.maxPriorityFeeWeiPerGas.toString(),
  max_fee_per_gas: transfer.maxFeeWeiPerGas.toString(),
  gas_limit: transfer.gasLimit.toString(),
  to: field(transfer.to),
  value: transfer.valueWei.toString(),
  public_key_x: bytes(`0x${transfer.publicKey.slice(2, 66)}`),
  public_key_y: bytes(`0x${transfer.publicKey.slice(66)}`),
  signature: [...bytes(transfer.r), ...bytes(transfer.s)],
  sender: leaf(sender),
  low: { ...leaf(low), address: field(low.address) },
  recipient: { ...leaf(recipient), exists: recipient.exists },
})

/** The inputs of the segment circuit with `segmentSize` slots. Throws a RangeError for an empty or too long trace. */
export const segmentInputs = (trace: SegmentTrace, segmentSize: number): SegmentInputs => {
  const slots = trace.transfers.map(slot)
  const [first] = slots
  if (first === undefined || slots.length > segmentSize) {
    throw new RangeError(`${slots.length} transfers in a segment of ${segmentSize}`)
  }
  const padding = Array.from({ length: segmentSize - slots.length }, () => ({ ...first, enabled: false }))
  return {
    segment: {
      tree_root_pre: field(trace.treeRootPre),
      chain_id: trace.config.chainId.toString(),
      sequencer: field(trace.config.sequencer),
      base_fee_per_gas: trace.config.baseFeeWeiPerGas.toString(),
      transfers: [...slots, ...padding],
      sequencer_account: leaf(trace.sequencer),
    },
  }
}
