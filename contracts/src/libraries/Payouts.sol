// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Who proved which job, and how much work it was.
struct PayoutEntry {
    address prover;
    /// In gates.
    uint256 work;
    bytes32 job;
}

/// The way from an entry up to its tree's root, the entry's own level first.
struct PayoutPath {
    PayoutEntry entry;
    /// Two bits a level, the entry's own level lowest: 1 left, 2 right, 3 the merge's own entry.
    uint256 position;
    /// At each level the two other words of the node, in the order left, right, own.
    bytes32[2][] siblings;
}

/// Payout trees as packages/protocol/src/payout.ts builds them: every merge joins the trees of what it merged and
/// adds its own entry.
library Payouts {
    bytes32 internal constant ENTRY_TAG = keccak256("weft.entry.v1");
    bytes32 internal constant PAYOUTS_TAG = keccak256("weft.payouts.v1");

    /// The position names no place at one of its levels, or has bits above them.
    error InvalidPosition(uint256 position, uint256 levels);

    function entryHash(PayoutEntry calldata entry) internal pure returns (bytes32) {
        return keccak256(abi.encode(ENTRY_TAG, entry.prover, entry.work, entry.job));
    }

    function node(bytes32 left, bytes32 right, bytes32 own) internal pure returns (bytes32) {
        return keccak256(abi.encode(PAYOUTS_TAG, left, right, own));
    }

    /// The root that a path leads to. Under one root a position belongs to one entry only: levels without a place
    /// and bits above the last level are refused, so no second position leads to the same entry.
    function rootOf(PayoutPath calldata path) internal pure returns (bytes32 root) {
        uint256 levels = path.siblings.length;
        uint256 places = path.position;
        root = entryHash(path.entry);
        for (uint256 level = 0; level < levels; level++) {
            bytes32[2] calldata others = path.siblings[level];
            uint256 place = places & 3;
            if (place == 1) root = node(root, others[0], others[1]);
            else if (place == 2) root = node(others[0], root, others[1]);
            else if (place == 3) root = node(others[0], others[1], root);
            else revert InvalidPosition(path.position, levels);
            places >>= 2;
        }
        require(places == 0, InvalidPosition(path.position, levels));
    }
}
