// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What lateness costs. A request is late by the seconds from its proof deadline to the block that recorded its claim.
library Lateness {
    /// After this long, the request has expired: nothing is paid for it any more.
    uint256 internal constant EXPIRY = 1 days;
    /// The fee falls to its floor during this time, in a straight line.
    uint256 internal constant DECLINE = 1 hours;
    uint256 internal constant FLOOR_BPS = 2_000;
    uint256 private constant BPS = 10_000;

    function secondsLate(uint256 recordedAt, uint256 deadline) internal pure returns (uint256) {
        return recordedAt > deadline ? recordedAt - deadline : 0;
    }

    /// What is left of a fee, rounded down (for the requester).
    function feeDown(uint256 feeWei, uint256 late) internal pure returns (uint256) {
        if (late >= DECLINE) return feeWei * FLOOR_BPS / BPS;
        return feeWei * (BPS * DECLINE - (BPS - FLOOR_BPS) * late) / (BPS * DECLINE);
    }

    /// What is owed from the collateral: all of it at expiry, by the second before; rounded down (for the prover).
    function penaltyDown(uint256 collateralWei, uint256 late) internal pure returns (uint256) {
        return late >= EXPIRY ? collateralWei : collateralWei * late / EXPIRY;
    }
}
