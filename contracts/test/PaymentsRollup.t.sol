// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "./utils/Deploy.sol";
import {Aggregated, Finished, Scenario} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {bound, makeAddress, vm} from "./utils/Test.sol";
import {Trees} from "./utils/Trees.sol";
import {PaymentsRollup} from "src/PaymentsRollup.sol";
import {IPaymentsRollup} from "src/interfaces/IPaymentsRollup.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";

contract PaymentsRollupTest is SettlementFixture {
    bytes32 internal constant PROGRAM = keccak256("payments");
    bytes32 internal constant GENESIS = keccak256("genesis");
    uint256 internal constant SEGMENT_SIZE = 4;

    PaymentsRollup internal rollup;
    address internal sequencer = makeAddress("sequencer");

    function setUp() public override {
        super.setUp();
        rollup = Deploy.paymentsRollup(settlement, PROGRAM, SEGMENT_SIZE, GENESIS, sequencer);
        fund(address(rollup));
    }

    /// From the definition, and sharing no code with the contract.
    function dataOf(bytes memory transfers, uint256 segmentSize) internal pure returns (bytes32) {
        uint256 segmentBytes = segmentSize * 64;
        bytes32[] memory segments = new bytes32[]((transfers.length + segmentBytes - 1) / segmentBytes);
        for (uint256 i = 0; i < segments.length; i++) {
            bytes memory segment = new bytes(segmentBytes);
            for (uint256 j = 0; j < segmentBytes && i * segmentBytes + j < transfers.length; j++) {
                segment[j] = transfers[i * segmentBytes + j];
            }
            segments[i] = keccak256(segment);
        }
        return Trees.root("data", segments);
    }

    function batch(uint256 seed, bytes32 pre, bytes memory transfers)
        internal
        view
        returns (Finished memory made)
    {
        made = Scenario.finished(seed, 2, provers);
        made.claim.program = PROGRAM;
        made.claim.pre = pre;
        made.claim.data = dataOf(transfers, SEGMENT_SIZE);
        Scenario.seal(made);
    }

    function recorded(uint256 seed, bytes32 pre, bytes memory transfers)
        internal
        returns (Finished memory made)
    {
        made = batch(seed, pre, transfers);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
    }

    function advance(Finished memory made, bytes memory transfers) internal {
        vm.prank(sequencer);
        rollup.advance(made.claim, 0, new bytes32[](0), transfers);
    }

    function assertAt(bytes32 stateRoot, uint256 batches) internal view {
        vm.assertEq(rollup.stateRoot(), stateRoot);
        vm.assertEq(rollup.batchNumber(), batches);
    }

    function testFuzz_TheSequencerAdvancesWithARecordedClaim(uint256 seed, uint256 count) public {
        bytes memory transfers = Scenario.transfers(seed, bound(count, 1, 20));
        Finished memory made = recorded(seed, GENESIS, transfers);
        vm.expectEmit();
        emit IPaymentsRollup.Advanced(1, GENESIS, made.claim.post, transfers.length / 64);
        advance(made, transfers);
        assertAt(made.claim.post, 1);
        vm.assertTrue(settlement.openingOf(address(rollup), made.hash).opened);
        vm.assertEq(settlement.depositOf(address(rollup)).balanceWei, DEPOSIT_WEI - priceWei(made.claim.work));
    }

    /// A proven batch of a stranger's would leave the sequencer's own without a way on, paid by the rollup's deposit.
    function testFuzz_OnlyTheSequencerAdvances(uint256 seed, uint256 count, address caller) public {
        vm.assume(caller != sequencer);
        bytes memory transfers = Scenario.transfers(seed, bound(count, 1, 20));
        Finished memory made = recorded(seed, GENESIS, transfers);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.NotSequencer.selector, caller));
        rollup.advance(made.claim, 0, new bytes32[](0), transfers);
        assertAt(GENESIS, 0);
        vm.assertFalse(settlement.openingOf(address(rollup), made.hash).opened);
        vm.assertEq(settlement.depositOf(address(rollup)).balanceWei, DEPOSIT_WEI);
        advance(made, transfers);
        assertAt(made.claim.post, 1);
    }

    function testFuzz_BatchesFollowEachOther(uint256 seed) public {
        bytes32 state = GENESIS;
        for (uint256 i = 1; i <= 3; i++) {
            uint256 batchSeed = uint256(keccak256(abi.encode(seed, i)));
            bytes memory transfers = Scenario.transfers(batchSeed, i * 3);
            Finished memory made = recorded(batchSeed, state, transfers);
            advance(made, transfers);
            state = made.claim.post;
            assertAt(state, i);
        }
    }

    function testFuzz_AClaimInATreeOfManyTenants(uint256 seed, uint256 count, uint256 place) public {
        Finished[] memory parts = new Finished[](bound(count, 2, 32));
        for (uint256 i = 0; i < parts.length; i++) {
            parts[i] = Scenario.finished(uint256(keccak256(abi.encode(seed, i))), 1, provers);
        }
        place = bound(place, 0, parts.length - 1);
        bytes memory transfers = Scenario.transfers(seed, 5);
        parts[place] = batch(seed, GENESIS, transfers);
        Aggregated memory made = Scenario.aggregated(seed, parts, provers);
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);

        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);
        vm.prank(sequencer);
        rollup.advance(parts[place].claim, index, siblings, transfers);
        assertAt(parts[place].claim.post, 1);
    }

    function testFuzz_DataHasTheBatchsShape(uint256 seed, uint256 count, uint256 segmentSize) public {
        segmentSize = bound(segmentSize, 1, 9);
        bytes memory transfers = Scenario.transfers(seed, bound(count, 1, 40));
        rollup = Deploy.paymentsRollup(settlement, PROGRAM, segmentSize, GENESIS, sequencer);
        vm.assertEq(rollup.dataOf(transfers), dataOf(transfers, segmentSize));
    }

    function test_AnUnrecordedClaimIsRefused() public {
        bytes memory transfers = Scenario.transfers(1, 4);
        Finished memory made = batch(1, GENESIS, transfers);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotRecorded.selector, made.hash));
        advance(made, transfers);
        assertAt(GENESIS, 0);
    }

    function testFuzz_AStaleClaimIsRefused(uint256 seed) public {
        bytes memory transfers = Scenario.transfers(seed, 4);
        Finished memory made = recorded(seed, GENESIS, transfers);
        advance(made, transfers);
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.StaleClaim.selector, made.claim.post, GENESIS));
        advance(made, transfers);
        assertAt(made.claim.post, 1);
    }

    /// A batch that leads back to its own start cannot be replayed: its claim is opened once.
    function test_ACycleIsNotReplayed() public {
        bytes memory transfers = Scenario.transfers(1, 4);
        Finished memory made = batch(1, GENESIS, transfers);
        made.claim.post = GENESIS;
        Scenario.seal(made);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        advance(made, transfers);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.AlreadyOpened.selector, address(rollup), made.hash)
        );
        advance(made, transfers);
    }

    function testFuzz_AForeignProgramIsRefused(bytes32 program) public {
        vm.assume(program != PROGRAM);
        bytes memory transfers = Scenario.transfers(1, 4);
        Finished memory made = batch(1, GENESIS, transfers);
        made.claim.program = program;
        Scenario.seal(made);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.ForeignProgram.selector, PROGRAM, program));
        advance(made, transfers);
    }

    function testFuzz_ForeignDataIsRefused(uint256 seed, uint256 count, uint256 where) public {
        bytes memory transfers = Scenario.transfers(seed, bound(count, 1, 12));
        Finished memory made = recorded(seed, GENESIS, transfers);
        where = bound(where, 0, transfers.length - 1);
        transfers[where] = ~transfers[where];
        vm.expectRevert(
            abi.encodeWithSelector(
                IPaymentsRollup.ForeignData.selector, dataOf(transfers, SEGMENT_SIZE), made.claim.data
            )
        );
        advance(made, transfers);
    }

    function test_TransfersInAnotherOrderAreRefused() public {
        bytes memory one = Scenario.transfers(1, 1);
        bytes memory other = Scenario.transfers(2, 1);
        Finished memory made = recorded(1, GENESIS, bytes.concat(one, other));
        vm.expectPartialRevert(IPaymentsRollup.ForeignData.selector);
        advance(made, bytes.concat(other, one));
    }

    function test_AnEmptyBatchIsRefused() public {
        Finished memory made = recorded(1, GENESIS, Scenario.transfers(1, 1));
        vm.expectRevert(IPaymentsRollup.EmptyBatch.selector);
        advance(made, "");
    }

    function testFuzz_TruncatedTransfersAreRefused(uint256 length) public {
        length = bound(length, 1, 640);
        vm.assume(length % 64 != 0);
        Finished memory made = recorded(1, GENESIS, Scenario.transfers(1, 10));
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.TruncatedTransfers.selector, length));
        advance(made, Trees.slice(Scenario.transfers(1, 10), 0, length));
    }

    /// Otherwise whoever proves a batch could fill it with empty segments for the deposit to pay.
    function testFuzz_PaddingInTheCalldataIsRefused(uint256 count, uint256 record) public {
        count = bound(count, 2, 12);
        record = bound(record, 1, count - 1);
        bytes memory all = Scenario.transfers(1, count);
        bytes memory transfers = bytes.concat(
            Trees.slice(all, 0, record * 64), new bytes(64), Trees.slice(all, record * 64, all.length)
        );
        Finished memory made = recorded(1, GENESIS, transfers);
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.PaddingGiven.selector, record));
        advance(made, transfers);
    }

    function test_AnEmptyDepositStopsTheRollup() public {
        rollup = Deploy.paymentsRollup(settlement, PROGRAM, SEGMENT_SIZE, GENESIS, sequencer);
        bytes memory transfers = Scenario.transfers(1, 4);
        Finished memory made = recorded(1, GENESIS, transfers);
        vm.expectPartialRevert(ISettlement.InsufficientDeposit.selector);
        advance(made, transfers);
        assertAt(GENESIS, 0);
    }

    /// A stranger that opens the rollup's claim first cannot stop it.
    function test_AStrangersOpeningDoesNotStopTheRollup() public {
        bytes memory transfers = Scenario.transfers(1, 4);
        Finished memory made = recorded(1, GENESIS, transfers);
        fund(stranger);
        openAs(stranger, made);
        advance(made, transfers);
        assertAt(made.claim.post, 1);
    }

    function test_TheSequencerTakesTheDeposit() public {
        vm.prank(sequencer);
        rollup.announceWithdrawal(1 ether);
        vm.warp(block.timestamp + settlement.WITHDRAWAL_DELAY());
        vm.prank(sequencer);
        rollup.withdrawDeposit(sequencer);
        vm.assertEq(sequencer.balance, 1 ether);
        vm.assertEq(settlement.depositOf(address(rollup)).balanceWei, DEPOSIT_WEI - 1 ether);
    }

    function testFuzz_OnlyTheSequencerTakesTheDeposit(address caller) public {
        vm.assume(caller != sequencer);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.NotSequencer.selector, caller));
        rollup.announceWithdrawal(1);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IPaymentsRollup.NotSequencer.selector, caller));
        rollup.withdrawDeposit(caller);
    }

    function test_ASegmentHoldsATransferAtLeast() public {
        vm.expectRevert(IPaymentsRollup.ZeroSegmentSize.selector);
        Deploy.paymentsRollup(settlement, PROGRAM, 0, GENESIS, sequencer);
    }
}
