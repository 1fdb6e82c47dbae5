// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BN254} from "./BN254.sol";

/// Where things are in keys and proofs. IGroth16Verifier has the encodings.
library Groth16 {
    uint256 internal constant PROOF_BYTES = 256;

    uint256 internal constant ALPHA = 0;
    uint256 internal constant BETA = 64;
    uint256 internal constant GAMMA = 192;
    uint256 internal constant DELTA = 320;
    uint256 internal constant INPUTS = 448;

    /// Whether a key can have this length.
    function isKeyLength(uint256 length) internal pure returns (bool) {
        return length >= INPUTS + BN254.G1_BYTES && (length - INPUTS) % BN254.G1_BYTES == 0;
    }

    /// Public inputs of the key's circuit.
    function inputsOf(bytes memory key) internal pure returns (uint256) {
        return (key.length - INPUTS) / BN254.G1_BYTES - 1;
    }

    /// A hash of α, β and γ. Keys of one ceremony share all three: α and β come from its first phase, and γ is the
    /// generator where the ceremony leaves it out.
    function ceremonyOf(bytes memory key) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(add(key, 32), DELTA)
        }
    }
}
