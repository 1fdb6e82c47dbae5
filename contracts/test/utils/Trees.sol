// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PayoutEntry, PayoutPath} from "src/libraries/Payouts.sol";

/// A payout tree as it grows with the merges: its root, and the paths of all entries.
struct PayoutTree {
    bytes32 root;
    PayoutPath[] paths;
}

/// Builds the trees whose paths the contracts check: recursive, from the definitions, and sharing no code with them.
library Trees {
    function leftCount(uint256 count) internal pure returns (uint256 left) {
        left = 1;
        while (2 * left < count) left *= 2;
    }

    function slice(bytes32[] memory items, uint256 from, uint256 to)
        internal
        pure
        returns (bytes32[] memory part)
    {
        part = new bytes32[](to - from);
        for (uint256 i = from; i < to; i++) {
            part[i - from] = items[i];
        }
    }

    function slice(bytes memory items, uint256 from, uint256 to) internal pure returns (bytes memory part) {
        part = new bytes(to - from);
        for (uint256 i = from; i < to; i++) {
            part[i - from] = items[i];
        }
    }

    /// The root over `items` with `weft.NAME.v1` as the tag of inner nodes.
    function root(string memory name, bytes32[] memory items) internal pure returns (bytes32) {
        if (items.length == 1) return items[0];
        uint256 left = leftCount(items.length);
        return keccak256(
            abi.encode(
                tag(name), root(name, slice(items, 0, left)), root(name, slice(items, left, items.length))
            )
        );
    }

    function tag(string memory name) internal pure returns (bytes32) {
        return keccak256(bytes.concat("weft.", bytes(name), ".v1"));
    }

    /// Path of the claim at `place`.
    function claimPath(bytes32[] memory claims, uint256 place)
        internal
        pure
        returns (uint256 index, bytes32[] memory siblings)
    {
        if (claims.length == 1) return (0, new bytes32[](0));
        uint256 left = leftCount(claims.length);
        bool isRight = place >= left;
        bytes32[] memory own = isRight ? slice(claims, left, claims.length) : slice(claims, 0, left);
        bytes32[] memory other = isRight ? slice(claims, 0, left) : slice(claims, left, claims.length);
        bytes32[] memory below;
        (index, below) = claimPath(own, isRight ? place - left : place);
        siblings = new bytes32[](below.length + 1);
        for (uint256 i = 0; i < below.length; i++) {
            siblings[i] = below[i];
        }
        siblings[below.length] = root("claims", other);
        if (isRight) index |= 1 << below.length;
    }

    function entryHash(PayoutEntry memory entry) internal pure returns (bytes32) {
        return keccak256(abi.encode(tag("entry"), entry.prover, entry.work, entry.job));
    }

    /// The payout tree of one entry: a leaf proof's.
    function single(PayoutEntry memory entry) internal pure returns (PayoutTree memory tree) {
        tree.root = entryHash(entry);
        tree.paths = new PayoutPath[](1);
        tree.paths[0].entry = entry;
    }

    /// The payout tree of a merge.
    function merged(PayoutTree memory left, PayoutTree memory right, PayoutEntry memory own)
        internal
        pure
        returns (PayoutTree memory tree)
    {
        bytes32 ownHash = entryHash(own);
        uint256 lefts = left.paths.length;
        uint256 rights = right.paths.length;
        tree.root = keccak256(abi.encode(tag("payouts"), left.root, right.root, ownHash));
        tree.paths = new PayoutPath[](lefts + rights + 1);
        for (uint256 i = 0; i < lefts; i++) {
            tree.paths[i] = lifted(left.paths[i], 1, right.root, ownHash);
        }
        for (uint256 i = 0; i < rights; i++) {
            tree.paths[lefts + i] = lifted(right.paths[i], 2, left.root, ownHash);
        }
        tree.paths[lefts + rights] = lifted(single(own).paths[0], 3, left.root, right.root);
    }

    /// A path with one more level on top.
    function lifted(PayoutPath memory path, uint256 place, bytes32 a, bytes32 b)
        internal
        pure
        returns (PayoutPath memory higher)
    {
        uint256 levels = path.siblings.length;
        higher.entry = path.entry;
        higher.position = path.position | (place << (2 * levels));
        higher.siblings = new bytes32[2][](levels + 1);
        for (uint256 i = 0; i < levels; i++) {
            higher.siblings[i] = path.siblings[i];
        }
        higher.siblings[levels] = [a, b];
    }
}
