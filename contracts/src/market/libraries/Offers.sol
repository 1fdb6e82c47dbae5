// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What a prover signs (EIP-712) to be matched by. It binds nobody on L1, where only commitments count; it is here so
/// that its id is as well defined as theirs. Units as in Request.
struct Offer {
    address prover;
    /// A program, or a class of programs.
    bytes32 target;
    uint96 priceWei;
    /// Turnaround, in milliseconds for a million units of work.
    uint64 turnaroundMs;
    /// Jobs at a time.
    uint32 capacity;
    /// Most that one commitment puts at stake.
    uint96 collateralWei;
    uint40 expiry;
    uint256 nonce;
}

library Offers {
    bytes32 internal constant TYPEHASH = keccak256(
        "Offer(address prover,bytes32 target,uint96 priceWei,uint64 turnaroundMs,uint32 capacity,uint96 collateralWei,uint40 expiry,uint256 nonce)"
    );

    /// EIP-712's struct hash.
    function hash(Offer calldata offer) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, offer));
    }
}
