// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProgramVerifier} from "./IProgramVerifier.sol";

/// Groth16 (J. Groth, On the Size of Pairing-based Non-interactive Arguments, 2016, §3.2) over BN254, for every circuit.
///
/// Points are encoded as in EIP-196 and EIP-197: big-endian words, uncompressed, imaginary parts first.
/// A proof is A (G1), B (G2), C (G1): 256 bytes. A verification key is α (G1), β, γ, δ (G2) and a point of G1 for
/// the constant one and for each public input: 512 bytes, and 64 for each public input. Its id is its keccak-256.
///
/// Proofs are malleable: whoever sees a proof can make others of the same statement, and of no other statement. So nothing
/// is to be remembered by its proof. A point that is none makes verification fail with all the gas it was given.
///
/// In a batch, proofs of one key belong together, and keys of one ceremony (the same α, β and γ) behind one another: then
/// a proof costs one pairing, a key one, and a ceremony two.
///
/// Trust: there is no owner and nothing can be changed after deployment. A key's setup is not looked at: whoever
/// knows the setup's secrets proves whatever they like under that key. Whoever relies on a program has to trust its setup.
interface IGroth16Verifier is IProgramVerifier {
    /// A key can be used. It has as many `inputs` as its circuit has public inputs.
    event KeyRegistered(bytes32 indexed key, uint256 inputs);

    /// No key has this length.
    error InvalidKey(uint256 length);
    /// Nobody has registered the key.
    error UnknownKey(bytes32 key);
    /// There is nothing to verify.
    error NoProofs();
    /// The proofs are not 256 bytes each.
    error ProofsLength(bytes32 key, uint256 length, uint256 expected);
    /// There are not as many public inputs as the proofs of this key have together.
    error InputsLength(bytes32 key, uint256 length, uint256 expected);
    /// A public input is not below the order of the scalar field: it would be another name for a
    /// smaller one.
    error InputOutOfField(bytes32 key);

    /// Keeps a key for good and checks its points. Anyone may call; a known key costs and changes nothing.
    /// Keys of up to 375 public inputs fit into a contract's code, where they are kept.
    function register(bytes calldata key) external returns (bytes32 id);

    /// The registered key. Reverts for others.
    function keyOf(bytes32 id) external view returns (bytes memory key);
}
