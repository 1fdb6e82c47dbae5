// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A sum of points of G1 in the making, in memory as EIP-196's precompiles read it. All zero: the point at infinity.
struct Sum {
    uint256 x;
    uint256 y;
    /// Room for what is added, and its factor.
    uint256 termX;
    uint256 termY;
    uint256 scalar;
}

/// Pairs of a point of G1 and one of G2, one behind the other in memory as EIP-197's precompile reads them.
struct Pairs {
    /// Pointers to the first pair, and behind the last.
    uint256 start;
    uint256 end;
}

/// The curve BN254 (alt_bn128) through the precompiles of EIP-196 and EIP-197. They refuse coordinates that are not
/// below the field's order, points off the curve, and points of the twist outside the subgroup; and they take with
/// them all gas that they are given when they refuse.
library BN254 {
    /// Order of the field that coordinates are in.
    uint256 internal constant FIELD =
        21888242871839275222246405745257275088696311157297823662689037894645226208583;
    /// Order of the groups, and so of the field that scalars are in.
    uint256 internal constant ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    uint256 internal constant G1_BYTES = 64;
    uint256 internal constant G2_BYTES = 128;
    uint256 private constant PAIR_BYTES = G1_BYTES + G2_BYTES;

    /// Not a point of its group, or not canonically encoded.
    error InvalidPoint();

    /// Adds the point at this offset in `points`, `scalar` times.
    function add(Sum memory sum, bytes memory points, uint256 offset, uint256 scalar) internal view {
        bool done = true;
        assembly ("memory-safe") {
            let term := add(sum, 64)
            mcopy(term, add(add(points, 32), offset), 64)
            if iszero(eq(scalar, 1)) {
                mstore(add(sum, 128), scalar)
                done := staticcall(gas(), 7, term, 96, term, 64)
            }
            done := and(staticcall(gas(), 6, sum, 128, sum, 64), done)
        }
        require(done, InvalidPoint());
    }

    /// No pairs, and room for `count`.
    function allocate(uint256 count) internal pure returns (Pairs memory pairs) {
        bytes memory room = new bytes(count * PAIR_BYTES);
        uint256 start;
        assembly ("memory-safe") {
            start := add(room, 32)
        }
        (pairs.start, pairs.end) = (start, start);
    }

    /// Adds the pair of the sum's negative and the point of G2 at this offset in `points`. There has to be room.
    function pushNegative(Pairs memory pairs, Sum memory sum, bytes memory points, uint256 offset)
        internal
        pure
    {
        uint256 end = pairs.end;
        uint256 x = sum.x;
        // The point at infinity is its own negative; no other point has a zero here.
        uint256 y = sum.y == 0 ? 0 : FIELD - sum.y;
        assembly ("memory-safe") {
            mstore(end, x)
            mstore(add(end, 32), y)
            mcopy(add(end, 64), add(add(points, 32), offset), 128)
        }
        pairs.end = end + PAIR_BYTES;
    }

    /// Whether the product of all pairings is one. It is for no pairs at all.
    function isOne(Pairs memory pairs) internal view returns (bool) {
        uint256 start = pairs.start;
        uint256 size = pairs.end - start;
        bool done;
        uint256 answer;
        assembly ("memory-safe") {
            mstore(0, 0)
            done := staticcall(gas(), 8, start, size, 0, 32)
            answer := mload(0)
        }
        require(done, InvalidPoint());
        return answer == 1;
    }
}
