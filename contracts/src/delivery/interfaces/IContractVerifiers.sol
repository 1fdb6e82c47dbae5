// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProgramVerifier} from "./IProgramVerifier.sol";

/// Programs whose proofs are verified by a contract of their own, as tools for PLONK, FFLONK or UltraHonk write them. A key
/// is `keccak256(abi.encode(codehash, selector, takes))`: the code of that contract and how it is asked. So a key can be
/// known before the contract is on L1, anybody can deploy and register it, and it does not matter who was first.
///
/// The contract is asked with STATICCALL, and says yes by returning one word that is 1 and nothing else: what returns more
/// is another kind of function. A revert, no answer, or any other answer is a no. A contract that burns its gas
/// burns that of whoever sends the proof.
///
/// Trust: there is no owner, and nothing can be changed after deployment. What is proven under a key is what its code says.
/// Whoever relies on a program has to know that its code answers from itself and the call alone. This contract sees the
/// code and no more: not what a proxy (an account that delegates by EIP-7702 too) points to, and not what is in storage,
/// which differs between contracts of one code. A key of such code says nothing. Nor is looked at how many public inputs
/// the code reads: verifiers that take words ignore what follows their last one, and some read zeros for missing ones. So
/// applications state as many as the program has.
interface IContractVerifiers is IProgramVerifier {
    event VerifierRegistered(bytes32 indexed key, address indexed verifier, bytes4 selector, uint8 takes);

    /// The address has no code.
    error NotAContract(address verifier);
    /// Neither 0 nor 1.
    error UnknownTakes(uint8 takes);
    /// Nobody has registered a contract for the key.
    error UnknownKey(bytes32 key);
    /// The contract has other code than when it was registered: register another with the key's code.
    error CodeChanged(bytes32 key, address verifier);
    /// A proof for a function that takes words is not 24 of them.
    error ProofLength(bytes32 key, uint256 length, uint256 expected);
    /// There are no proofs, or proofs or public inputs cannot be spread evenly over them.
    error UnevenBatch(bytes32 key, uint256 count);

    /// Names a contract for its code. Anyone may call; where there is one with this code, nothing changes.
    ///
    /// @param takes 0: `(bytes proof, bytes32[] publicInputs)`. 1: the 24 words of a proof and the public inputs, one behind
    /// the other, as functions of `(uint256[24], uint256[n])` take them. The proof's length is fixed because such functions
    /// ignore what follows: a longer proof would put its own words in the place of the public inputs.
    function register(address verifier, bytes4 selector, uint8 takes) external returns (bytes32 key);

    /// The contract of a key and how it is asked; all zero for an unknown key.
    function verifierOf(bytes32 key) external view returns (address verifier, bytes4 selector, uint8 takes);
}
