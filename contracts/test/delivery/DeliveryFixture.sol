// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Groth16Verifier} from "src/delivery/Groth16Verifier.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {BN254} from "src/delivery/libraries/BN254.sol";
import {Circuit, Groth16Prover} from "test/mocks/Groth16Prover.sol";
import {Trees} from "test/utils/Trees.sol";

/// A verifier, and a prover of everything.
abstract contract DeliveryFixture {
    Groth16Verifier internal verifier = new Groth16Verifier();
    Groth16Prover internal prover = new Groth16Prover();

    function inputsOf(uint256 seed, uint256 count) internal pure returns (bytes32[] memory inputs) {
        inputs = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            inputs[i] = bytes32(uint256(keccak256(abi.encode("input", seed, i))) % BN254.ORDER);
        }
    }

    /// `count` proofs of a program whose key is registered.
    function proofsOf(uint256 seed, Circuit memory circuit, uint256 count)
        internal
        returns (ProgramProofs memory made)
    {
        made.key = verifier.register(prover.keyOf(circuit));
        made.count = count;
        made.publicInputs = inputsOf(seed, count * circuit.inputs);
        for (uint256 i = 0; i < count; i++) {
            bytes32[] memory own = new bytes32[](circuit.inputs);
            for (uint256 j = 0; j < own.length; j++) {
                own[j] = made.publicInputs[i * own.length + j];
            }
            bytes memory proof = prover.prove(circuit, own, uint256(keccak256(abi.encode(seed, i))));
            made.proofs = bytes.concat(made.proofs, proof);
        }
    }

    /// `count` proofs of one program.
    function sameProgram(uint256 seed, uint256 count, uint256 inputs)
        internal
        returns (ProgramProofs[] memory batch)
    {
        batch = new ProgramProofs[](1);
        batch[0] = proofsOf(seed, Circuit(1, 1, inputs), count);
    }

    /// A proof of each of `count` programs, whose keys come from `ceremonies` ceremonies.
    function differentPrograms(uint256 seed, uint256 count, uint256 ceremonies, uint256 inputs)
        internal
        returns (ProgramProofs[] memory batch)
    {
        batch = new ProgramProofs[](count);
        for (uint256 i = 0; i < count; i++) {
            Circuit memory circuit = Circuit(1 + i * ceremonies / count, 1 + i, inputs);
            batch[i] = proofsOf(uint256(keccak256(abi.encode(seed, i))), circuit, 1);
        }
    }

    function verify(ProgramProofs memory one) internal view returns (bool) {
        return verifier.verify(one.key, one.proofs, one.publicInputs);
    }

    function word(bytes memory data, uint256 offset) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(data, 32), offset))
        }
    }

    function slice(bytes memory data, uint256 offset, uint256 length) internal pure returns (bytes memory) {
        return Trees.slice(data, offset, offset + length);
    }

    /// Writes `piece` over the data, in place.
    function overwrite(bytes memory data, uint256 offset, bytes memory piece) internal pure {
        for (uint256 i = 0; i < piece.length; i++) {
            data[offset + i] = piece[i];
        }
    }

    /// Adds a point to the one of G1 at `offset`, in place.
    function shift(bytes memory proofs, uint256 offset, bytes memory point) internal view {
        overwrite(proofs, offset, prover.plus(slice(proofs, offset, 64), point));
    }
}
