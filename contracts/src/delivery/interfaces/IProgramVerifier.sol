// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Proofs of one program, for a batch.
struct ProgramProofs {
    /// Id of the program's verification key.
    bytes32 key;
    /// How many proofs. Not zero.
    uint256 count;
    /// The proofs one behind the other, all of one length.
    bytes proofs;
    /// The proofs' public inputs one behind the other, as many for each.
    bytes32[] publicInputs;
}

/// Verifies proofs of every program of one proof system. Trusted: it decides what counts as proven under its system.
interface IProgramVerifier {
    /// Whether `proof` proves the program for these public inputs. May also revert on a bad proof.
    function verify(bytes32 key, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool);

    /// Whether every proof in the batch is one. Does not say which one is not. May also revert on a bad proof.
    function verifyBatch(ProgramProofs[] calldata batch) external view returns (bool);
}
