// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Amounts of the running week and the week before, for market shares. Work is measured by the price paid for it:
/// programs declare their work, but nobody declares what was paid.
library Windows {
    uint256 internal constant EPOCH = 7 days;
    /// Amounts are counted in units of 1,024 wei, so that they fit.
    uint256 internal constant UNIT_BITS = 10;

    function epochNow() internal view returns (uint256) {
        return block.timestamp / EPOCH;
    }

    /// What two weeks' amounts that were written in `epoch` are in `epochNow`.
    function roll(uint256 epoch, uint256 current, uint256 previous) internal view returns (uint256, uint256) {
        uint256 passed = epochNow() - epoch;
        if (passed == 0) return (current, previous);
        return passed == 1 ? (0, current) : (0, 0);
    }
}
