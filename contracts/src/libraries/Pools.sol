// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// Money collected for the entries of one payout tree. Its first four fields share a storage slot.
struct Pool {
    /// Claims that pay into it. Zero says that there is no such pool; as it is written with the pool, later
    /// payments find the slot in use and cost 5,000 gas, not 22,000.
    uint32 claims;
    /// Block time of the settlement that recorded the tree, in seconds since 1970 (until 2106); zero for openings.
    uint32 recordedAt;
    uint96 collectedWei;
    uint96 paidWei;
    /// What the entry at a position was paid so far.
    mapping(uint256 position => uint256) paidToWei;
}

library Pools {
    using SafeCast for uint256;

    function exists(Pool storage pool) internal view returns (bool) {
        return pool.claims != 0;
    }

    function create(Pool storage pool, uint32 claims, uint256 amountWei) internal {
        uint96 collectedWei = amountWei.toUint96();
        pool.claims = claims;
        pool.collectedWei = collectedWei;
    }

    function collect(Pool storage pool, uint256 amountWei) internal {
        pool.collectedWei += amountWei.toUint96();
    }

    /// Marks as paid what the entry at `position` still has coming, and returns it: its share by work of all that
    /// was collected, rounded down (the remainder stays in the pool), less what it was paid before. A pool
    /// never pays more than it collected, whatever its entries' work adds up to.
    function draw(Pool storage pool, uint256 position, uint256 entryWork, uint256 poolWork)
        internal
        returns (uint256 dueWei)
    {
        if (poolWork == 0) return 0;
        uint256 paidToWei = pool.paidToWei[position];
        uint96 paidWei = pool.paidWei;
        uint256 leftWei = pool.collectedWei - paidWei;
        uint256 shareWei = Math.mulDiv(pool.collectedWei, entryWork, poolWork);
        if (shareWei <= paidToWei) return 0;
        dueWei = Math.min(shareWei - paidToWei, leftWei);
        if (dueWei == 0) return 0;
        pool.paidToWei[position] = paidToWei + dueWei;
        pool.paidWei = paidWei + dueWei.toUint96();
    }
}
