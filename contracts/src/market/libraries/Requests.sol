// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What a requester signs (EIP-712). Prices are in the smallest unit of the market's token for a million units of
/// work; times are in seconds since 1970.
struct Request {
    /// Who pays.
    address owner;
    /// What is to be proven: the claim has to say the same. `post` is what the program makes of it.
    bytes32 program;
    bytes32 pre;
    bytes32 data;
    /// Where a rising price starts: for requests posted on L1, and for Dutch auctions off chain.
    uint96 startPriceWei;
    /// Maximum price, parallel merges included.
    uint96 maxPriceWei;
    /// Maximum of everything that the request can cost.
    uint96 maxTotalWei;
    /// Until when provers may commit (off chain), and the request may be posted on L1.
    uint40 offerDeadline;
    /// From when on it is late.
    uint40 proofDeadline;
    /// What each commitment has to put at stake at least.
    uint96 collateralWei;
    /// How provers are chosen off chain; L1 does not read it.
    uint8 policy;
    /// 0: alone in its root proof. 1: in an aggregate, and paying its part of the parallel merges. 2: in a batch, which only
    /// direct programs can be in; L1 reads it as 0.
    uint8 delivery;
    /// keccak-256 of the ABI-encoded `address[]` of those who may prove; zero for everybody.
    bytes32 allowedProvers;
    /// Who has to sign commitments too for them to count; zero for nobody. See the trust notes of IMarket.
    address matcher;
    /// Any number that the owner has not used yet. Consecutive ones are cheapest.
    uint256 nonce;
}

library Requests {
    uint8 internal constant INDIVIDUAL = 0;
    uint8 internal constant AGGREGATED = 1;

    bytes32 internal constant TYPEHASH = keccak256(
        "Request(address owner,bytes32 program,bytes32 pre,bytes32 data,uint96 startPriceWei,uint96 maxPriceWei,uint96 maxTotalWei,uint40 offerDeadline,uint40 proofDeadline,uint96 collateralWei,uint8 policy,uint8 delivery,bytes32 allowedProvers,address matcher,uint256 nonce)"
    );

    /// EIP-712's struct hash.
    function hash(Request calldata request) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, request));
    }
}
