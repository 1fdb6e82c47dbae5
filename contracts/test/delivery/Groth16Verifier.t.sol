// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DeliveryFixture} from "./DeliveryFixture.sol";
import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";
import {IGroth16Verifier} from "src/delivery/interfaces/IGroth16Verifier.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {BN254} from "src/delivery/libraries/BN254.sol";
import {Circuit} from "test/mocks/Groth16Prover.sol";
import {bound, vm} from "test/utils/Test.sol";

/// One proof at a time: what is one, and what is none.
/// forge-config: default.fuzz.runs = 32
contract Groth16VerifierTest is DeliveryFixture {
    uint256 internal constant C = 192;

    function proofOf(uint256 seed, uint256 inputs) internal returns (ProgramProofs memory) {
        return proofsOf(seed, Circuit(1, 1, inputs), 1);
    }

    function testFuzz_AProofIsOne(uint256 seed, uint256 inputs) public {
        vm.assertTrue(verify(proofsOf(seed, Circuit(seed, seed, bound(inputs, 0, 8)), 1)));
    }

    function testFuzz_AProofIsNoneForOtherInputs(uint256 seed, uint256 place, uint256 input) public {
        ProgramProofs memory one = proofOf(seed, 3);
        place = bound(place, 0, 2);
        input = bound(input, 0, BN254.ORDER - 1);
        vm.assume(bytes32(input) != one.publicInputs[place]);
        one.publicInputs[place] = bytes32(input);
        vm.assertFalse(verify(one));
    }

    function testFuzz_AProofIsNoneForSwappedInputs(uint256 seed) public {
        ProgramProofs memory one = proofOf(seed, 2);
        (one.publicInputs[0], one.publicInputs[1]) = (one.publicInputs[1], one.publicInputs[0]);
        vm.assertFalse(verify(one));
    }

    /// Of the same ceremony, with the same inputs.
    function testFuzz_AProofIsNoneForAnotherKey(uint256 seed) public {
        ProgramProofs memory one = proofOf(seed, 2);
        one.key = proofsOf(seed, Circuit(1, 2, 2), 1).key;
        vm.assertFalse(verify(one));
    }

    function testFuzz_AShiftedPointIsNoProof(uint256 seed, uint256 factor, bool inC) public {
        ProgramProofs memory one = proofOf(seed, 1);
        shift(one.proofs, inC ? C : 0, prover.g1(bound(factor, 1, BN254.ORDER - 1)));
        vm.assertFalse(verify(one));
    }

    function testFuzz_AnotherBIsNoProof(uint256 seed, uint32 factor) public {
        ProgramProofs memory one = proofOf(seed, 1);
        bytes memory other = prover.g2(factor);
        vm.assume(keccak256(other) != keccak256(slice(one.proofs, 64, 128)));
        overwrite(one.proofs, 64, other);
        vm.assertFalse(verify(one));
    }

    function test_PointsAtInfinityAreNoProof() public {
        ProgramProofs memory one = proofOf(1, 1);
        one.proofs = new bytes(256);
        vm.assertFalse(verify(one));
    }

    /// As the documentation says: a proof is no name for what it proves.
    function testFuzz_TheNegativesOfAAndBAreAnotherProof(uint256 seed) public {
        ProgramProofs memory one = proofOf(seed, 1);
        for (uint256 i = 0; i < 3; i++) {
            uint256 offset = i == 0 ? 32 : 96 + 32 * i;
            overwrite(one.proofs, offset, abi.encode(BN254.FIELD - word(one.proofs, offset)));
        }
        vm.assertTrue(verify(one));
    }

    // Bad input

    function testFuzz_AnInputBeyondTheOrderIsRefused(uint256 seed, uint256 input, uint256 place) public {
        ProgramProofs memory one = proofOf(seed, 3);
        one.publicInputs[bound(place, 0, 2)] = bytes32(bound(input, BN254.ORDER, type(uint256).max));
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InputOutOfField.selector, one.key));
        verify(one);
    }

    /// The same field element by another name.
    function testFuzz_AnAliasOfAnInputIsRefused(uint256 seed) public {
        ProgramProofs memory one = proofOf(seed, 1);
        one.publicInputs[0] = bytes32(uint256(one.publicInputs[0]) + BN254.ORDER);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InputOutOfField.selector, one.key));
        verify(one);
    }

    /// The same point by another name, in any of its words.
    function testFuzz_AnAliasOfACoordinateIsRefused(uint256 seed, uint256 place) public {
        ProgramProofs memory one = proofOf(seed, 1);
        uint256 offset = 32 * bound(place, 0, 7);
        overwrite(one.proofs, offset, abi.encode(word(one.proofs, offset) + BN254.FIELD));
        vm.expectRevert(BN254.InvalidPoint.selector);
        verify(one);
    }

    /// The point at infinity by another name.
    function test_AnAliasOfInfinityIsRefused() public {
        ProgramProofs memory one = proofOf(1, 1);
        overwrite(one.proofs, 0, abi.encode(0, BN254.FIELD));
        vm.expectRevert(BN254.InvalidPoint.selector);
        verify(one);
    }

    function testFuzz_APointOffTheCurveIsRefused(uint256 seed, uint256 place, uint256 coordinate) public {
        ProgramProofs memory one = proofOf(seed, 1);
        uint256 offset = 32 * bound(place, 0, 7);
        uint256 own = word(one.proofs, offset);
        coordinate = bound(coordinate, 0, BN254.FIELD - 1);
        // On the curve are two values of y for an x, and three of x for a y: these are a point's own and its negative.
        vm.assume(coordinate != own && coordinate != BN254.FIELD - own);
        overwrite(one.proofs, offset, abi.encode(coordinate));
        vm.expectRevert(BN254.InvalidPoint.selector);
        verify(one);
    }

    function test_APointOutsideTheSubgroupIsRefused() public {
        ProgramProofs memory one = proofOf(1, 1);
        overwrite(one.proofs, 64, prover.outside());
        vm.expectRevert(BN254.InvalidPoint.selector);
        verify(one);
    }

    function testFuzz_AProofOfAnotherLengthIsRefused(bytes memory proof) public {
        vm.assume(proof.length != 256);
        ProgramProofs memory one = proofOf(1, 1);
        one.proofs = proof;
        vm.expectRevert(
            abi.encodeWithSelector(IGroth16Verifier.ProofsLength.selector, one.key, proof.length, 256)
        );
        verify(one);
    }

    function testFuzz_AnotherNumberOfInputsIsRefused(uint256 inputs) public {
        inputs = bound(inputs, 0, 9);
        vm.assume(inputs != 2);
        ProgramProofs memory one = proofOf(1, 2);
        one.publicInputs = new bytes32[](inputs);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InputsLength.selector, one.key, inputs, 2));
        verify(one);
    }

    function testFuzz_AKeyThatNobodyRegisteredIsRefused(bytes32 key) public {
        ProgramProofs memory one = proofOf(1, 1);
        vm.assume(key != one.key);
        one.key = key;
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.UnknownKey.selector, key));
        verify(one);
    }

    // Keys

    function testFuzz_AnyoneRegistersAKeyOnce(uint256 seed, uint256 inputs, address caller) public {
        inputs = bound(inputs, 0, 8);
        bytes memory key = prover.keyOf(Circuit(seed, seed, inputs));
        vm.expectEmit();
        emit IGroth16Verifier.KeyRegistered(keccak256(key), inputs);
        vm.prank(caller);
        vm.assertEq(verifier.register(key), keccak256(key));
        vm.assertEq(keccak256(verifier.keyOf(keccak256(key))), keccak256(key));

        vm.recordLogs();
        vm.assertEq(verifier.register(key), keccak256(key));
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    function testFuzz_AKeyOfAnotherLengthIsRefused(bytes memory key) public {
        vm.assume(key.length < 512 || key.length % 64 != 0);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InvalidKey.selector, key.length));
        verifier.register(key);
    }

    function testFuzz_AKeyWithABadPointIsRefused(uint256 place, uint256 value) public {
        bytes memory key = prover.keyOf(Circuit(1, 1, 3));
        uint256 offset = 32 * bound(place, 0, key.length / 32 - 1);
        uint256 own = word(key, offset);
        vm.assume(value != own && value != BN254.FIELD - own);
        overwrite(key, offset, abi.encode(value));
        vm.expectRevert(BN254.InvalidPoint.selector);
        verifier.register(key);
    }

    function testFuzz_AKeyWithAPointOutsideTheSubgroupIsRefused(uint256 place) public {
        bytes memory key = prover.keyOf(Circuit(1, 1, 1));
        overwrite(key, 64 + 128 * bound(place, 0, 2), prover.outside());
        vm.expectRevert(BN254.InvalidPoint.selector);
        verifier.register(key);
    }

    /// The largest key that fits into a contract, and the next.
    function test_AKeyHasUpTo375Inputs() public {
        bytes memory key = prover.keyOf(Circuit(1, 1, 0));
        bytes memory point = prover.g1(7);
        while (key.length < 512 + 64 * 375) key = bytes.concat(key, point);
        vm.assertEq(keccak256(verifier.keyOf(verifier.register(key))), keccak256(key));

        key = bytes.concat(key, point);
        vm.expectRevert(abi.encodeWithSelector(IGroth16Verifier.InvalidKey.selector, key.length));
        verifier.register(key);
    }

    /// It is the code of a contract, but begins with a STOP.
    function test_AKeyCannotBeRun() public {
        address data = Create3.computeAddress(proofOf(1, 1).key, address(verifier));
        vm.assertEq(data.code.length, 1 + 512 + 64);
        vm.assertEq(uint8(data.code[0]), 0);
    }
}
