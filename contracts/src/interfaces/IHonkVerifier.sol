// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The verifier that Barretenberg writes for the merge circuit's key. Trusted: whoever chooses it decides what
/// counts as proven. One made from the dev SRS accepts forged proofs and must never hold value.
interface IHonkVerifier {
    /// Whether `proof` proves the circuit for these public inputs. May also revert on a bad proof.
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool);
}
