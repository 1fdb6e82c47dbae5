// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProgramVerifier, ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";

/// Takes one proof for each key and public inputs: a hash of them.
contract MockProgramVerifier is IProgramVerifier {
    function verify(bytes32 key, bytes calldata proof, bytes32[] calldata publicInputs)
        public
        pure
        returns (bool)
    {
        return bytes32(proof) == keccak256(abi.encode(key, publicInputs));
    }

    function verifyBatch(ProgramProofs[] calldata batch) external pure returns (bool) {
        for (uint256 i = 0; i < batch.length; i++) {
            ProgramProofs calldata one = batch[i];
            uint256 inputs = one.publicInputs.length / one.count;
            for (uint256 j = 0; j < one.count; j++) {
                bytes32[] calldata own = one.publicInputs[j * inputs:(j + 1) * inputs];
                if (!verify(one.key, one.proofs[32 * j:32 * (j + 1)], own)) return false;
            }
        }
        return true;
    }
}
