// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RevertingVerifier} from "./mocks/MockVerifier.sol";
import {Deploy} from "./utils/Deploy.sol";
import {Aggregated, Finished, Scenario} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {bound, makeAddress, vm} from "./utils/Test.sol";
import {Trees} from "./utils/Trees.sol";
import {Settlement} from "src/Settlement.sol";
import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";
import {IPricing} from "src/interfaces/IPricing.sol";
import {AggregateView, ISettlement} from "src/interfaces/ISettlement.sol";
import {Parallel} from "src/libraries/Claims.sol";

/// Settling: what is recorded, and what is not.
contract SettleTest is SettlementFixture {
    function assertUnrecorded(bytes32 claimsRoot) internal view {
        vm.assertFalse(settlement.isRecorded(claimsRoot));
        vm.assertEq(settlement.aggregateOf(claimsRoot).claims, 0);
    }

    function testFuzz_SettleRecordsTheRoot(uint256 seed, uint256 count) public {
        Aggregated memory made = Scenario.aggregated(seed, bound(count, 2, 32), provers);
        assertUnrecorded(made.root.claims);
        vm.assertEq(settlement.recordedAt(made.root.claims), 0);
        vm.warp(bound(seed, 1, type(uint32).max));

        vm.expectEmit();
        emit ISettlement.Settled(made.root.claims, made.root.count, made.root.payouts);
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);

        AggregateView memory aggregate = settlement.aggregateOf(made.root.claims);
        vm.assertEq(aggregate.claims, made.root.count);
        vm.assertEq(aggregate.payouts, made.root.payouts);
        vm.assertEq(aggregate.collectedWei, 0);
        vm.assertTrue(settlement.isRecorded(made.root.claims));
        vm.assertEq(settlement.recordedAt(made.root.claims), block.timestamp);
    }

    function testFuzz_SettleSequenceRecordsTheClaimItself(uint256 seed, uint256 segments) public {
        Finished memory made = Scenario.finished(seed, bound(segments, 2, 8), provers);
        vm.expectEmit();
        emit ISettlement.Settled(made.hash, 1, 0);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);

        vm.assertEq(settlement.aggregateOf(made.hash).claims, 1);
        vm.assertEq(settlement.aggregateOf(made.hash).payouts, bytes32(0));
        vm.assertTrue(settlement.isProven(made.claim, 0, new bytes32[](0)));
    }

    function testFuzz_IsProvenForEveryClaimOfTheTree(uint256 seed, uint256 count, uint256 place) public {
        Aggregated memory made = settled(seed, bound(count, 2, 32));
        place = bound(place, 0, made.parts.length - 1);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);
        vm.assertTrue(settlement.isProven(made.parts[place].claim, index, siblings));

        made.parts[place].claim.post ^= bytes32(uint256(1));
        vm.assertFalse(settlement.isProven(made.parts[place].claim, index, siblings));
    }

    function test_ARecordedRootIsRefused() public {
        Aggregated memory made = settled(1, 4);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyRecorded.selector, made.root.claims));
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);

        Finished memory alone = settledAlone(2, 2);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyRecorded.selector, alone.hash));
        settlement.settleSequence(proofOf(alone.claim, MERGE_KEY), alone.claim);
    }

    /// A proof stands for one root: any other field in it makes another public input.
    function testFuzz_AProofOfAnotherRootIsRefused(uint256 seed, uint256 field) public {
        Aggregated memory made = Scenario.aggregated(seed, 3, provers);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        Parallel memory other = made.root;
        field = bound(field, 0, 5);
        if (field == 0) other.claims = ~other.claims;
        if (field == 1) other.count++;
        if (field == 2) other.payouts = ~other.payouts;
        if (field == 3) other.first = ~other.first;
        if (field == 4) other.last = ~other.last;
        if (field == 5) other.job = ~other.job;
        vm.expectPartialRevert(ISettlement.InvalidProof.selector);
        settlement.settle(proof, other);
        assertUnrecorded(other.claims);
    }

    function testFuzz_AForeignMergeKeyIsRefused(uint256 seed, bytes32 mergeKey) public {
        vm.assume(mergeKey != MERGE_KEY);
        Aggregated memory made = Scenario.aggregated(seed, 2, provers);
        bytes32 publicInput = abi.decode(proofOf(made.root, MERGE_KEY), (bytes32));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.InvalidProof.selector, publicInput));
        settlement.settle(proofOf(made.root, mergeKey), made.root);

        Finished memory alone = Scenario.finished(seed, 2, provers);
        publicInput = abi.decode(proofOf(alone.claim, MERGE_KEY), (bytes32));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.InvalidProof.selector, publicInput));
        settlement.settleSequence(proofOf(alone.claim, mergeKey), alone.claim);
    }

    function testFuzz_ASequenceIsNoParallelAndTheReverse(uint256 seed) public {
        Finished memory alone = Scenario.finished(seed, 2, provers);
        Parallel memory asParallel = Parallel(alone.hash, 1, 0, alone.job, alone.job, alone.job);
        vm.expectPartialRevert(ISettlement.InvalidProof.selector);
        settlement.settle(proofOf(alone.claim, MERGE_KEY), asParallel);
        vm.expectPartialRevert(ISettlement.InvalidProof.selector);
        settlement.settleSequence(proofOf(asParallel, MERGE_KEY), alone.claim);
    }

    function testFuzz_AMadeUpProofIsRefused(bytes calldata proof) public {
        Aggregated memory made = Scenario.aggregated(1, 2, provers);
        vm.assume(keccak256(proof) != keccak256(proofOf(made.root, MERGE_KEY)));
        vm.expectPartialRevert(ISettlement.InvalidProof.selector);
        settlement.settle(proof, made.root);
    }

    function test_AVerifierThatRevertsIsATypedError() public {
        settlement = Deploy.settlement(new RevertingVerifier(), MERGE_KEY, settlement.pricing());
        Aggregated memory made = Scenario.aggregated(1, 2, provers);
        bytes memory reason = abi.encodeWithSelector(RevertingVerifier.SumcheckFailed.selector);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.VerifierReverted.selector, reason));
        settlement.settle("", made.root);
    }

    function test_ADeploymentWithoutVerifierOrPricingIsRefused() public {
        address nobody = makeAddress("nobody");
        IHonkVerifier verifier = settlement.verifier();
        IPricing pricing = settlement.pricing();
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotAContract.selector, nobody));
        Deploy.settlement(IHonkVerifier(nobody), MERGE_KEY, pricing);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotAContract.selector, nobody));
        Deploy.settlement(verifier, MERGE_KEY, IPricing(nobody));
    }
}
