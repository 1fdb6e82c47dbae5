// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RegistryFixture} from "./RegistryFixture.sol";
import {IGroth16Verifier} from "src/delivery/interfaces/IGroth16Verifier.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {IProofRegistry} from "src/delivery/interfaces/IProofRegistry.sol";
import {BN254} from "src/delivery/libraries/BN254.sol";
import {IVerifierRouter} from "src/market/interfaces/IVerifierRouter.sol";
import {Circuit} from "test/mocks/Groth16Prover.sol";
import {bound, vm} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// What is recorded as proven, and what is not.
/// forge-config: default.fuzz.runs = 32
contract ProofRegistryTest is RegistryFixture {
    function isProven(bytes32[] memory jobs, uint256 place) internal view returns (bool) {
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(jobs, place);
        return registry.isProven(jobs[place], index, siblings);
    }

    function testFuzz_AProofIsRecordedUnderItsJob(uint256 seed, uint256 inputs, uint32 time) public {
        vm.assume(time != 0);
        vm.warp(time);
        ProgramProofs[] memory batch = sameProgram(seed, 1, bound(inputs, 0, 4));
        bytes32[] memory jobs = jobsOf(batch);
        vm.assertFalse(isProven(jobs, 0));

        vm.expectEmit();
        emit IProofRegistry.Recorded(jobs[0], GROTH16, jobs);
        vm.assertEq(record(batch[0]), jobs[0]);
        vm.assertTrue(isProven(jobs, 0));
        vm.assertEq(registry.recordedAt(jobs[0]), time);
    }

    function testFuzz_ABatchIsRecordedUnderItsRoot(uint256 seed, uint256 count) public {
        ProgramProofs[] memory batch = new ProgramProofs[](2);
        batch[0] = proofsOf(seed, Circuit(1, 1, 2), bound(count, 1, 5));
        batch[1] = proofsOf(~seed, Circuit(1, 2, 1), 2);
        bytes32[] memory jobs = jobsOf(batch);
        bytes32 root = Trees.root("claims", jobs);

        vm.expectEmit();
        emit IProofRegistry.Recorded(root, GROTH16, jobs);
        vm.assertEq(registry.recordBatch(GROTH16, batch), root);
        for (uint256 i = 0; i < jobs.length; i++) {
            vm.assertTrue(isProven(jobs, i));
            vm.assertFalse(registry.isProven(jobs[i], 0, new bytes32[](0)));
        }
    }

    function testFuzz_ABatchWithOneWrongProofRecordsNothing(uint256 seed, uint256 place) public {
        ProgramProofs[] memory batch = sameProgram(seed, 4, 1);
        place = bound(place, 0, 3);
        bytes32 input = bytes32(addmod(uint256(batch[0].publicInputs[place]), 1, BN254.ORDER));
        batch[0].publicInputs[place] = input;
        bytes32 root = Trees.root("claims", jobsOf(batch));
        vm.expectRevert(abi.encodeWithSelector(IProofRegistry.InvalidProof.selector, root));
        registry.recordBatch(GROTH16, batch);
        vm.assertEq(registry.recordedAt(root), 0);
    }

    function testFuzz_AWrongProofIsNotRecorded(uint256 seed) public {
        ProgramProofs[] memory batch = sameProgram(seed, 1, 1);
        shift(batch[0].proofs, 0, prover.g1(1));
        vm.expectRevert(abi.encodeWithSelector(IProofRegistry.InvalidProof.selector, jobsOf(batch)[0]));
        record(batch[0]);
    }

    /// Whoever records first, with whatever proof, does not stop others that need the record in their transaction.
    function test_ARecordedStatementIsNotVerifiedAgain() public {
        vm.warp(7);
        ProgramProofs[] memory batch = sameProgram(1, 2, 1);
        bytes32 root = registry.recordBatch(GROTH16, batch);
        ProgramProofs[] memory one = sameProgram(1, 1, 1);
        bytes32 job = record(one[0]);
        (batch[0].proofs, one[0].proofs) = ("", "");

        vm.warp(8);
        vm.recordLogs();
        vm.assertEq(registry.recordBatch(GROTH16, batch), root);
        vm.assertEq(record(one[0]), job);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(registry.recordedAt(root), 7);
        vm.assertEq(registry.recordedAt(job), 7);
    }

    /// An input more or less, another order, another program or another system: none of it is proven with it.
    function test_OtherStatementsAreNotProven() public {
        ProgramProofs memory one = sameProgram(1, 1, 2)[0];
        record(one);
        bytes32[] memory swapped = new bytes32[](2);
        (swapped[0], swapped[1]) = (one.publicInputs[1], one.publicInputs[0]);
        bytes32[] memory shorter = new bytes32[](1);
        shorter[0] = one.publicInputs[0];
        bytes32[] memory none = new bytes32[](0);
        vm.assertTrue(registry.isProven(jobOf(GROTH16, one.key, one.publicInputs), 0, none));
        vm.assertFalse(registry.isProven(jobOf(GROTH16, one.key, swapped), 0, none));
        vm.assertFalse(registry.isProven(jobOf(GROTH16, one.key, shorter), 0, none));
        vm.assertFalse(registry.isProven(jobOf(GROTH16, ~one.key, one.publicInputs), 0, none));
        vm.assertFalse(registry.isProven(jobOf(~GROTH16, one.key, one.publicInputs), 0, none));
    }

    /// An inner node of a batch's tree is no statement's job, and its path no statement's.
    function testFuzz_APathOfAnotherPlaceProvesNothing(uint256 seed, bytes32 job, uint256 index) public {
        bytes32[] memory jobs = jobsOf(sameProgram(seed, 4, 1));
        registry.recordBatch(GROTH16, sameProgram(seed, 4, 1));
        (, bytes32[] memory siblings) = Trees.claimPath(jobs, 2);
        index = bound(index, 0, 3);
        vm.assertTrue(registry.isProven(jobs[2], index, siblings) == (index == 2));
        vm.assume(job != jobs[2]);
        vm.assertFalse(registry.isProven(job, index, siblings));
    }

    /// The guardian's stop holds for what is not recorded yet.
    function test_AFrozenSystemRecordsNothingMore() public {
        ProgramProofs[] memory batch = sameProgram(1, 2, 1);
        ProgramProofs memory one = sameProgram(3, 1, 1)[0];
        bytes32 job = record(sameProgram(2, 1, 1)[0]);
        vm.prank(guardian);
        router.freeze(GROTH16);
        bytes memory frozen = abi.encodeWithSelector(IVerifierRouter.SystemFrozen.selector, GROTH16);
        vm.expectRevert(frozen);
        registry.recordBatch(GROTH16, batch);
        vm.expectRevert(frozen);
        record(one);
        vm.assertTrue(registry.isProven(job, 0, new bytes32[](0)));
    }

    function testFuzz_AnUnknownSystemRecordsNothing(bytes32 system) public {
        vm.assume(system != GROTH16);
        ProgramProofs[] memory batch = sameProgram(1, 1, 1);
        bytes memory unknown = abi.encodeWithSelector(IVerifierRouter.UnknownSystem.selector, system);
        vm.expectRevert(unknown);
        registry.record(system, batch[0].key, batch[0].proofs, batch[0].publicInputs);
        vm.expectRevert(unknown);
        registry.recordBatch(system, batch);
    }

    function test_AnEmptyBatchIsRefused() public {
        vm.expectRevert(IProofRegistry.EmptyBatch.selector);
        registry.recordBatch(GROTH16, new ProgramProofs[](0));
    }

    function testFuzz_InputsThatCannotBeSharedOutAreRefused(uint256 count) public {
        ProgramProofs[] memory batch = differentPrograms(1, 2, 1, 3);
        count = bound(count, 0, 9);
        vm.assume(count == 0 || 3 % count != 0);
        batch[1].count = count;
        vm.expectRevert(abi.encodeWithSelector(IProofRegistry.UnevenInputs.selector, batch[1].key, 3, count));
        registry.recordBatch(GROTH16, batch);
    }

    /// Shared out evenly, but not as the program has them: the verifier knows.
    function test_ACountThatIsNotTheProgramsIsRefused() public {
        ProgramProofs[] memory batch = sameProgram(1, 2, 2);
        batch[0].count = 4;
        vm.expectRevert(
            abi.encodeWithSelector(IGroth16Verifier.ProofsLength.selector, batch[0].key, 512, 1024)
        );
        registry.recordBatch(GROTH16, batch);
    }
}
