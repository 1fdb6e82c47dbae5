// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What a prover signs under a match (EIP-712), and the request's matcher, if it has one, signs too. Units as in
/// Request.
struct Commitment {
    /// The request's id.
    bytes32 request;
    bytes32 job;
    address prover;
    uint96 priceWei;
    /// From when on a runner-up's proof of the job is this prover's default.
    uint40 deadline;
    uint96 collateralWei;
    /// 0 for the winner, runners-up in the order in which they take over.
    uint8 rank;
}

/// A commitment with the signatures under it.
struct SignedCommitment {
    Commitment commitment;
    /// By the prover's own key or its hot key.
    bytes signature;
    /// By the request's matcher; empty where it has none.
    bytes counterSignature;
}

library Commitments {
    bytes32 internal constant TYPEHASH = keccak256(
        "Commitment(bytes32 request,bytes32 job,address prover,uint96 priceWei,uint40 deadline,uint96 collateralWei,uint8 rank)"
    );

    /// EIP-712's struct hash.
    function hash(Commitment memory commitment) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, commitment));
    }
}
