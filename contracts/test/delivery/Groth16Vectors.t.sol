// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DeliveryFixture} from "./DeliveryFixture.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {vm} from "test/utils/Test.sol";

/// Proofs of circom circuits that snarkjs made: a Poseidon preimage (one public input) and a range (three), two
/// proofs each, with keys of one ceremony.
contract Groth16VectorsTest is DeliveryFixture {
    string internal json = vm.readFile("./test/vectors/groth16.json");
    bytes[] internal keys = vm.parseJsonBytesArray(json, ".keys");
    bytes[] internal proofs = vm.parseJsonBytesArray(json, ".proofs");
    bytes[] internal inputs = vm.parseJsonBytesArray(json, ".inputs");

    function vector(uint256 i) internal returns (ProgramProofs memory made) {
        made.key = verifier.register(keys[i]);
        made.count = 1;
        made.proofs = proofs[i];
        made.publicInputs = new bytes32[](inputs[i].length / 32);
        for (uint256 j = 0; j < made.publicInputs.length; j++) {
            made.publicInputs[j] = bytes32(word(inputs[i], 32 * j));
        }
    }

    function test_ProofsVerifyAlone() public {
        for (uint256 i = 0; i < proofs.length; i++) {
            vm.assertTrue(verify(vector(i)));
            ProgramProofs memory wrong = vector(i);
            wrong.publicInputs[0] ^= bytes32(uint256(1));
            vm.assertFalse(verify(wrong));
        }
    }

    function test_ProofsVerifyTogether() public {
        ProgramProofs[] memory batch = new ProgramProofs[](proofs.length);
        for (uint256 i = 0; i < proofs.length; i++) {
            batch[i] = vector(i);
        }
        vm.assertTrue(verifier.verifyBatch(batch));
        (batch[0].publicInputs, batch[1].publicInputs) = (batch[1].publicInputs, batch[0].publicInputs);
        vm.assertFalse(verifier.verifyBatch(batch));
    }

    /// What makes a batch of different circom programs cheap.
    function test_KeysOfOneCeremonyShareAlphaBetaAndGamma() public view {
        vm.assertTrue(keccak256(keys[0]) != keccak256(keys[2]));
        vm.assertEq(keccak256(slice(keys[0], 0, 320)), keccak256(slice(keys[2], 0, 320)));
    }
}
