// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A recorded tree of claims, or a job that the registry has recorded: a tree of one.
struct Tree {
    bytes32 root;
    uint256 count;
    uint256 recordedAt;
}

/// What one order is paid by: made once from the order and the tree, then the sums of its entries.
struct Bill {
    bytes32 id;
    /// Units of work of the parallel merges that the request pays for.
    uint256 sharedWork;
    /// Price for a million units of work that keeps all within both of the request's maxima.
    uint256 capWei;
    /// What all entries cost at that price.
    uint256 limitWei;
    bool posted;
    uint256 postedPriceWei;
    uint256 late;
    // Sums
    uint256 shownWork;
    uint256 ownWei;
    uint256 sharedWei;
}

/// Sums over all orders of a call, written once at its end.
struct Tally {
    uint256 feesWei;
    uint256 protocolWei;
    uint256 insuranceWei;
    uint256 sharedWei;
}
