// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignedCommitment} from "./Commitments.sol";

/// What a matcher signs (EIP-712) for a prover that has tried a job of a request whose inputs satisfy no constraint.
struct Attempt {
    /// The request's id.
    bytes32 request;
    bytes32 job;
    address prover;
    /// What the prover gets, before protocol fee and insurance cut.
    uint96 feeWei;
}

/// An attempt, and the commitment under which it was made: request, job and prover of the one are those of the other.
struct SignedAttempt {
    SignedCommitment committed;
    uint96 feeWei;
    /// By the request's matcher; empty where it settles itself.
    bytes signature;
}

library Attempts {
    bytes32 internal constant TYPEHASH =
        keccak256("Attempt(bytes32 request,bytes32 job,address prover,uint96 feeWei)");

    /// EIP-712's struct hash.
    function hash(Attempt memory attempt) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, attempt));
    }
}
