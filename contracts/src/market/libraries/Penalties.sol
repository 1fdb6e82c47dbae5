// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// How much of its stake a prover loses for a default, by its share s of recent work: 5/18 s² + 25/27 s³. That is 5 % at
/// 30 %, 30 % at 60 %, and 90 % from 90 % on: whoever the network depends on most has most to lose, and two provers of
/// half the size lose less than one.
library Penalties {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant MAX = 0.9e18;

    /// Both as fractions of 1e18; rounded down (for the prover).
    function ofShareDown(uint256 share) internal pure returns (uint256) {
        if (share >= MAX) return MAX;
        uint256 square = share * share / WAD;
        uint256 cube = square * share / WAD;
        return square * 5 / 18 + cube * 25 / 27;
    }
}
