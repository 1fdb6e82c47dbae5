// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DeliveryFixture} from "./DeliveryFixture.sol";
import {IGroth16Verifier} from "src/delivery/interfaces/IGroth16Verifier.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {BN254} from "src/delivery/libraries/BN254.sol";
import {Groth16Batch} from "src/delivery/libraries/Groth16Batch.sol";
import {Circuit} from "test/mocks/Groth16Prover.sol";
import {bound, vm} from "test/utils/Test.sol";

/// Many proofs in one pairing check: attacks on the batch as a whole. Groth16VerifierTest has those on one proof.
/// forge-config: default.fuzz.runs = 32
contract Groth16BatchTest is DeliveryFixture {
    uint256 internal constant PROOF = 256;
    uint256 internal constant C = 192;

    /// Some programs of some ceremonies, with one to three proofs each.
    function mixed(uint256 seed) internal returns (ProgramProofs[] memory batch) {
        batch = new ProgramProofs[](bound(seed, 1, 4));
        for (uint256 i = 0; i < batch.length; i++) {
            uint256 random = uint256(keccak256(abi.encode("mixed", seed, i)));
            Circuit memory circuit = Circuit(random % 2, random % 3, random % 4);
            batch[i] = proofsOf(random, circuit, 1 + (random >> 8) % 3);
        }
    }

    function testFuzz_ProofsOfManyProgramsVerifyTogether(uint256 seed) public {
        vm.assertTrue(verifier.verifyBatch(mixed(seed)));
    }

    /// Programs of one ceremony share two pairings, whether they are neighbours or not.
    function test_CeremoniesMayAlternate() public {
        ProgramProofs[] memory batch = new ProgramProofs[](5);
        for (uint256 i = 0; i < 5; i++) {
            batch[i] = proofsOf(i, Circuit(i % 2, i, i), 1);
        }
        vm.assertTrue(verifier.verifyBatch(batch));
        (batch[1], batch[2]) = (batch[2], batch[1]);
        vm.assertTrue(verifier.verifyBatch(batch));
    }

    function test_AProofMayBeInABatchTwice() public {
        ProgramProofs[] memory batch = new ProgramProofs[](2);
        batch[0] = proofsOf(1, Circuit(1, 1, 2), 1);
        batch[1] = batch[0];
        vm.assertTrue(verifier.verifyBatch(batch));
    }

    function testFuzz_OneShiftedPointAmongManyIsFound(uint256 seed, uint256 place, uint256 factor, bool inC)
        public
    {
        ProgramProofs[] memory batch = sameProgram(seed, 7, 1);
        uint256 offset = PROOF * bound(place, 0, 6) + (inC ? C : 0);
        shift(batch[0].proofs, offset, prover.g1(bound(factor, 1, BN254.ORDER - 1)));
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    function testFuzz_OneWrongInputAmongManyIsFound(uint256 seed, uint256 place) public {
        ProgramProofs[] memory batch = sameProgram(seed, 5, 2);
        place = bound(place, 0, 9);
        batch[0].publicInputs[place] = bytes32(addmod(uint256(batch[0].publicInputs[place]), 1, BN254.ORDER));
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    /// Each error is the other's negative: the sum of all C is what it was, and so is every plain product of pairings.
    function testFuzz_ErrorsThatCancelAreFound(uint256 seed, uint256 factor) public {
        ProgramProofs[] memory batch = sameProgram(seed, 4, 1);
        factor = bound(factor, 1, BN254.ORDER - 1);
        shift(batch[0].proofs, PROOF + C, prover.g1(factor));
        shift(batch[0].proofs, 3 * PROOF + C, prover.g1(BN254.ORDER - factor));
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    /// The same through the inputs: what one claims too much, the other lacks.
    function testFuzz_InputsThatCancelAreFound(uint256 seed) public {
        ProgramProofs[] memory batch = sameProgram(seed, 2, 1);
        bytes32[] memory inputs = batch[0].publicInputs;
        inputs[0] = bytes32(addmod(uint256(inputs[0]), 1, BN254.ORDER));
        inputs[1] = bytes32(addmod(uint256(inputs[1]), BN254.ORDER - 1, BN254.ORDER));
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    /// Errors made for the coefficients of the batch as it was: the coefficients are new with every change.
    function testFuzz_ErrorsThatCancelUnderOldCoefficientsAreFound(uint256 seed) public {
        ProgramProofs[] memory batch = sameProgram(seed, 2, 1);
        bytes32 old = keccak256(abi.encodeCall(verifier.verifyBatch, (batch)));
        uint256 second = Groth16Batch.draw(old, 0, 2)[1];
        shift(batch[0].proofs, C, prover.g1(BN254.ORDER - second));
        shift(batch[0].proofs, PROOF + C, prover.g1(1));
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    function testFuzz_SwappedInputsAreFound(uint256 seed, uint256 first, uint256 second) public {
        ProgramProofs[] memory batch = sameProgram(seed, 4, 1);
        (first, second) = (bound(first, 0, 3), bound(second, 0, 3));
        vm.assume(first != second);
        bytes32[] memory inputs = batch[0].publicInputs;
        (inputs[first], inputs[second]) = (inputs[second], inputs[first]);
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    function testFuzz_AProofReusedForOtherInputsIsFound(uint256 seed) public {
        ProgramProofs[] memory batch = sameProgram(seed, 3, 1);
        overwrite(batch[0].proofs, PROOF, slice(batch[0].proofs, 0, PROOF));
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    function testFuzz_ProofsSwappedBetweenProgramsAreFound(uint256 seed) public {
        ProgramProofs[] memory batch = differentPrograms(seed, 3, 1, 1);
        (batch[0].key, batch[2].key) = (batch[2].key, batch[0].key);
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    function testFuzz_ABatchIsValidIfAndOnlyIfEveryProofIs(uint256 seed, uint256 wrong) public {
        ProgramProofs[] memory batch = differentPrograms(seed, 4, 2, 1);
        bool all = true;
        for (uint256 i = 0; i < batch.length; i++) {
            if ((wrong >> i) & 1 == 1) shift(batch[i].proofs, C, prover.g1(1 + i));
            all = all && verify(batch[i]);
        }
        vm.assertTrue(all == (wrong & 15 == 0));
        vm.assertTrue(verifier.verifyBatch(batch) == all);
    }

    // Coefficients

    function testFuzz_NoCoefficientIsZero(bytes32 seed, uint256 first, uint256 count) public pure {
        count = bound(count, 1, 64);
        first = bound(first, 0, type(uint128).max);
        uint256[] memory coefficients = Groth16Batch.draw(seed, first, count);
        for (uint256 i = 0; i < count; i++) {
            vm.assertTrue(coefficients[i] >= 1 && coefficients[i] <= 1 << 128);
        }
        if (first == 0) vm.assertEq(coefficients[0], 1);
    }

    /// Drawn in parts, as for several programs, they are the same as drawn at once, and no two are.
    function testFuzz_CoefficientsAreNumberedThroughTheBatch(bytes32 seed, uint256 first) public pure {
        first = bound(first, 1, 15);
        uint256[] memory all = Groth16Batch.draw(seed, 0, 16);
        uint256[] memory later = Groth16Batch.draw(seed, first, 16 - first);
        for (uint256 i = first; i < 16; i++) {
            vm.assertEq(later[i - first], all[i]);
            for (uint256 j = 0; j < i; j++) {
                vm.assertTrue(all[i] != all[j]);
            }
        }
    }

    // Bad input

    function test_NoProofsAreRefused() public {
        vm.expectRevert(IGroth16Verifier.NoProofs.selector);
        verifier.verifyBatch(new ProgramProofs[](0));
    }

    function test_AProgramWithoutProofsIsRefused() public {
        ProgramProofs[] memory batch = differentPrograms(1, 2, 1, 1);
        (batch[1].count, batch[1].proofs, batch[1].publicInputs) = (0, "", new bytes32[](0));
        vm.expectRevert(IGroth16Verifier.NoProofs.selector);
        verifier.verifyBatch(batch);
    }

    function testFuzz_AnotherCountIsRefused(uint256 count) public {
        ProgramProofs[] memory batch = sameProgram(1, 3, 0);
        count = bound(count, 1, 100);
        vm.assume(count != 3);
        batch[0].count = count;
        vm.expectRevert(
            abi.encodeWithSelector(
                IGroth16Verifier.ProofsLength.selector, batch[0].key, 3 * PROOF, count * PROOF
            )
        );
        verifier.verifyBatch(batch);
    }

    function test_InputsOfTheNextProgramAreNotTaken() public {
        ProgramProofs[] memory batch = sameProgram(1, 2, 2);
        batch[0].publicInputs = inputsOf(1, 3);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InputsLength.selector, batch[0].key, 3, 4));
        verifier.verifyBatch(batch);
    }

    function testFuzz_OneInputBeyondTheOrderIsRefused(uint256 place) public {
        ProgramProofs[] memory batch = sameProgram(1, 4, 2);
        place = bound(place, 0, 7);
        batch[0].publicInputs[place] = bytes32(uint256(batch[0].publicInputs[place]) + BN254.ORDER);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InputOutOfField.selector, batch[0].key));
        verifier.verifyBatch(batch);
    }

    function testFuzz_OneAliasOfACoordinateIsRefused(uint256 place) public {
        ProgramProofs[] memory batch = sameProgram(1, 3, 1);
        uint256 offset = 32 * bound(place, 0, 23);
        overwrite(batch[0].proofs, offset, abi.encode(word(batch[0].proofs, offset) + BN254.FIELD));
        vm.expectRevert(BN254.InvalidPoint.selector);
        verifier.verifyBatch(batch);
    }

    function testFuzz_OnePointOffTheCurveIsRefused(uint256 place) public {
        ProgramProofs[] memory batch = sameProgram(1, 3, 1);
        uint256 offset = 32 * bound(place, 0, 23);
        overwrite(batch[0].proofs, offset, abi.encode(word(batch[0].proofs, offset) ^ 1));
        vm.expectRevert(BN254.InvalidPoint.selector);
        verifier.verifyBatch(batch);
    }

    function testFuzz_OnePointOutsideTheSubgroupIsRefused(uint256 place) public {
        ProgramProofs[] memory batch = sameProgram(1, 3, 1);
        overwrite(batch[0].proofs, PROOF * bound(place, 0, 2) + 64, prover.outside());
        vm.expectRevert(BN254.InvalidPoint.selector);
        verifier.verifyBatch(batch);
    }

    function testFuzz_AKeyThatNobodyRegisteredIsRefused(bytes32 key) public {
        ProgramProofs[] memory batch = differentPrograms(1, 2, 1, 1);
        vm.assume(key != batch[0].key && key != batch[1].key);
        batch[1].key = key;
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.UnknownKey.selector, key));
        verifier.verifyBatch(batch);
    }
}
