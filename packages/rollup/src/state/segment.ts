import { type Bytes32, type Hex, keccak256, uintToBytes32 } from '@weft/protocol'
import { concatHex, hexToBytes, padHex } from 'viem'
import { creditFees, executeTransfer, noPaths, type PathOf, type TransferTrace } from './execute.js'
import { type SegmentInputs, segmentInputs } from './inputs.js'
import { type State, stateRoot } from './state.js'
import type { SignedTransfer } from './transfer.js'

/** Bytes of a transfer's record in the batch data. */
export const RECORD_BYTES = 64

/** One leaf proof's statement and the circuit's inputs. */
export interface Segment {
  readonly pre: Bytes32
  readonly post: Bytes32
  /** keccak-256 of the records, padded to the segment's size. */
  readonly data: Bytes32
  readonly inputs: SegmentInputs
}

/** from (20) ‖ to (20) ‖ value (12) ‖ fee (12), big-endian. */
export const transferRecord = ({ transfer, feeWei }: Pick<TransferTrace, 'transfer' | 'feeWei'>): Hex => {
  const uint96 = (value: bigint): Hex => `0x${uintToBytes32(value).slice(42)}`
  return concatHex([transfer.from, transfer.to, uint96(transfer.valueWei), uint96(feeWei)])
}

/** The data commitment of one segment: the rest of it is zero records. */
export const segmentData = (records: Hex, segmentSize: number): Bytes32 =>
  keccak256(hexToBytes(padHex(records, { dir: 'right', size: RECORD_BYTES * segmentSize })))

const executeAll = (state: State, transfers: readonly SignedTransfer[], pathOf: PathOf) => {
  const traces = transfers.map((transfer) => executeTransfer(state, transfer, pathOf))
  const feesWei = traces.reduce((sum, { feeWei }) => sum + feeWei, 0n)
  return { traces, sequencer: creditFees(state, feesWei, pathOf) }
}

const checkSize = (transfers: readonly SignedTransfer[], segmentSize: number) => {
  if (transfers.length < 1 || transfers.length > segmentSize) {
    throw new RangeError(`${transfers.length} transfers in a segment of ${segmentSize}`)
  }
}

/**
 * Executes 1 to `segmentSize` transfers and records all that the circuit needs. Hashes about three paths up to where
 * they meet for each transfer; blocks its thread meanwhile.
 */
export const executeSegment = (
  state: State,
  transfers: readonly SignedTransfer[],
  segmentSize: number,
): Segment & { readonly records: Hex } => {
  checkSize(transfers, segmentSize)
  const pre = stateRoot(state)
  const treeRootPre = state.accounts.root()
  const { traces, sequencer } = executeAll(state, transfers, (index) => state.accounts.path(index))
  const records = concatHex(traces.map(transferRecord))
  const inputs = segmentInputs(
    { config: state.config, treeRootPre, transfers: traces, sequencer },
    segmentSize,
  )
  return { pre, post: stateRoot(state), data: segmentData(records, segmentSize), inputs, records }
}

/** Executes the same without the trace and without a single hash: for history that is final. */
export const replaySegment = (
  state: State,
  transfers: readonly SignedTransfer[],
  segmentSize: number,
): void => {
  checkSize(transfers, segmentSize)
  executeAll(state, transfers, noPaths)
}
