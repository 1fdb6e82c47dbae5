// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";

/// Takes a proof for one public input and no other: the proof is the public input itself.
contract MockVerifier is IHonkVerifier {
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external pure returns (bool) {
        return publicInputs.length == 1 && keccak256(proof) == keccak256(abi.encode(publicInputs[0]));
    }
}

/// Reverts, as Barretenberg's verifier does on most bad proofs.
contract RevertingVerifier is IHonkVerifier {
    error SumcheckFailed();

    function verify(bytes calldata, bytes32[] calldata) external pure returns (bool) {
        revert SumcheckFailed();
    }
}
