// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// Money that belongs to many in proportion to their shares: a slash or a reward changes the worth of a share, and
/// touches no holder.
struct SharedMoney {
    uint256 amountWei;
    uint256 shares;
}

/// All roundings favour those who stay. The virtual shares and wei (as in OpenZeppelin's ERC4626) make it unprofitable to
/// inflate the worth of the first share, and keep the worth of a share defined when the money is gone.
library Shares {
    uint256 private constant VIRTUAL_SHARES = 1_000;

    function toShares(SharedMoney storage money, uint256 amountWei) internal view returns (uint256) {
        return Math.mulDiv(amountWei, money.shares + VIRTUAL_SHARES, money.amountWei + 1);
    }

    function toWei(SharedMoney storage money, uint256 shares) internal view returns (uint256) {
        return Math.mulDiv(shares, money.amountWei + 1, money.shares + VIRTUAL_SHARES);
    }

    function put(SharedMoney storage money, uint256 amountWei) internal returns (uint256 shares) {
        shares = toShares(money, amountWei);
        money.amountWei += amountWei;
        money.shares += shares;
    }

    function take(SharedMoney storage money, uint256 shares) internal returns (uint256 amountWei) {
        amountWei = toWei(money, shares);
        money.amountWei -= amountWei;
        money.shares -= shares;
    }

    /// Takes a fraction (of 1e18) from all holders alike, rounded down.
    function cut(SharedMoney storage money, uint256 fraction) internal returns (uint256 amountWei) {
        amountWei = Math.mulDiv(money.amountWei, fraction, 1e18);
        money.amountWei -= amountWei;
    }
}
