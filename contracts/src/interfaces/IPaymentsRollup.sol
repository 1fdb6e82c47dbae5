// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claim} from "../libraries/Claims.sol";

/// The L1 side of a payments rollup: its state root, which moves only by batches that a settlement has recorded as
/// proven and whose transfers were published in the call that moves it.
///
/// Trust: the sequencer alone advances the rollup, because transfers that were published do not say all of the state
/// behind them: a new account may lie in any empty slot of the tree. So it can leave out any transfer, keep the tree to
/// itself and stop for good, and nobody advances in its place. It cannot forge a transfer: the state root moves only by
/// proven ones that their senders have signed. The deposit with the settlement pays for the work; the sequencer can
/// take it back after the settlement's delay.
interface IPaymentsRollup {
    event Advanced(uint256 indexed batch, bytes32 pre, bytes32 post, uint256 transfers);

    /// The claim is of another program than this rollup's.
    error ForeignProgram(bytes32 expected, bytes32 given);
    /// The claim does not start at the current state root: another batch came first.
    error StaleClaim(bytes32 stateRoot, bytes32 pre);
    /// The claim is about other transfers than the given ones.
    error ForeignData(bytes32 expected, bytes32 given);
    /// No transfers.
    error EmptyBatch();
    /// Not a whole number of 64-byte records.
    error TruncatedTransfers(uint256 length);
    /// A record has no sender. Padding is not part of the calldata.
    error PaddingGiven(uint256 record);
    error NotSequencer(address caller);
    error ZeroSegmentSize();

    /// Advances by one batch: opens the claim with the settlement, which charges this contract's deposit there, and
    /// moves the state root. Only for the sequencer.
    ///
    /// @param index Path of the claim in a recorded claims tree, as for the settlement's `open`.
    /// @param siblings The claim's own sibling first.
    /// @param transfers Records of 64 bytes, without padding: from (20), to (20), value (12), fee (12), in wei.
    /// The last segment is padded with zero records here. A segment's data is the keccak-256 of its
    /// records, the batch's is the root of the tree of those.
    function advance(
        Claim calldata claim,
        uint256 index,
        bytes32[] calldata siblings,
        bytes calldata transfers
    ) external;

    /// The two steps to take the rollup's deposit from the settlement. Only for the sequencer.
    function announceWithdrawal(uint256 amountWei) external;
    function withdrawDeposit(address to) external;

    function stateRoot() external view returns (bytes32);
    /// Batches so far.
    function batchNumber() external view returns (uint256);
    /// What the claim of a batch with these transfers has to say as its data.
    function dataOf(bytes calldata transfers) external view returns (bytes32);
}
