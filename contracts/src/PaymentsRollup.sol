// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPaymentsRollup} from "./interfaces/IPaymentsRollup.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Claim, Claims} from "./libraries/Claims.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// The interface has the documentation.
contract PaymentsRollup is IPaymentsRollup {
    uint256 private constant RECORD_BYTES = 64;

    ISettlement public immutable settlement;
    /// Id of the program that proves this rollup's segments.
    bytes32 public immutable program;
    /// Transfers that one segment proves.
    uint256 public immutable segmentSize;
    /// The rollup's own chain id, which its transactions are signed for.
    uint256 public immutable chainId;
    address public immutable sequencer;

    /// Poseidon2 root of the account tree, a BN254 field element; opaque here.
    bytes32 public stateRoot;
    uint256 public batchNumber;

    constructor(
        ISettlement settlement_,
        bytes32 program_,
        uint256 segmentSize_,
        bytes32 genesisRoot,
        uint256 chainId_,
        address sequencer_
    ) {
        require(segmentSize_ != 0, ZeroSegmentSize());
        settlement = settlement_;
        program = program_;
        segmentSize = segmentSize_;
        stateRoot = genesisRoot;
        chainId = chainId_;
        sequencer = sequencer_;
    }

    modifier onlySequencer() {
        require(msg.sender == sequencer, NotSequencer(msg.sender));
        _;
    }

    function advance(
        Claim calldata claim,
        uint256 index,
        bytes32[] calldata siblings,
        bytes calldata transfers
    ) external onlySequencer {
        require(claim.program == program, ForeignProgram(program, claim.program));
        require(claim.pre == stateRoot, StaleClaim(stateRoot, claim.pre));
        bytes32 data = dataOf(transfers);
        require(claim.data == data, ForeignData(data, claim.data));

        stateRoot = claim.post;
        uint256 batch = ++batchNumber;
        emit Advanced(batch, claim.pre, claim.post, transfers.length / RECORD_BYTES);
        // Reverts unless the claim is recorded as proven, and paid for.
        settlement.open(claim, index, siblings);
    }

    function announceWithdrawal(uint256 amountWei) external onlySequencer {
        settlement.announceWithdrawal(amountWei);
    }

    function withdrawDeposit(address to) external onlySequencer {
        settlement.withdrawDeposit(to);
    }

    function dataOf(bytes calldata transfers) public view returns (bytes32) {
        require(transfers.length != 0, EmptyBatch());
        require(transfers.length % RECORD_BYTES == 0, TruncatedTransfers(transfers.length));
        _refusePadding(transfers);

        uint256 segmentBytes = segmentSize * RECORD_BYTES;
        bytes32[] memory segments = new bytes32[](Math.ceilDiv(transfers.length, segmentBytes));
        uint256 last = segments.length - 1;
        for (uint256 i = 0; i < last; i++) {
            segments[i] = keccak256(transfers[i * segmentBytes:(i + 1) * segmentBytes]);
        }
        bytes memory tail = transfers[last * segmentBytes:];
        segments[last] = keccak256(bytes.concat(tail, new bytes(segmentBytes - tail.length)));
        return Claims.dataRoot(segments);
    }

    /// With padding of the caller's choice, whoever proves a batch could fill it with empty segments for the rollup's
    /// deposit to pay. No transfer has a zero sender.
    function _refusePadding(bytes calldata transfers) private pure {
        for (uint256 start = 0; start < transfers.length; start += RECORD_BYTES) {
            uint256 sender;
            // A slice would cost six times as much, once per transfer.
            assembly ("memory-safe") {
                sender := shr(96, calldataload(add(transfers.offset, start)))
            }
            require(sender != 0, PaddingGiven(start / RECORD_BYTES));
        }
    }
}
