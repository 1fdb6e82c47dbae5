// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Accounts} from "./Accounts.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {Windows} from "./libraries/Windows.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What a prover has coming and its part in recent work: one storage slot, so that paying a prover writes one.
struct Earner {
    uint96 earnedWei;
    /// In units of 1,024 wei, this week and the week before; they stop at their largest value.
    uint72 current;
    uint72 previous;
    /// Week in which the two were written.
    uint16 epoch;
}

/// What all provers were paid, as in Earner.
struct Turnover {
    uint120 current;
    uint120 previous;
    uint16 epoch;
}

/// Earnings, until they are collected, and market shares. IMarket has the documentation.
abstract contract Earnings is Accounts, IMarket {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 internal constant BPS = 10_000;

    IStaking public immutable staking;

    mapping(address prover => Earner) private _earners;
    Turnover private _turnover;

    constructor(IStaking staking_) {
        staking = staking_;
    }

    /// Adds what a prover gets, and the price that was paid for it, to its earnings and its market share.
    function _earn(address prover, uint256 amountWei, uint256 feeWei) internal {
        Earner memory earner = _earners[prover];
        (uint256 current, uint256 previous) = Windows.roll(earner.epoch, earner.current, earner.previous);
        current = Math.min(current + (feeWei >> Windows.UNIT_BITS), type(uint72).max);
        _earners[prover] = Earner({
            earnedWei: earner.earnedWei + amountWei.toUint96(),
            current: current.toUint72(),
            previous: previous.toUint72(),
            epoch: Windows.epochNow().toUint16()
        });
    }

    /// Adds to what all provers were paid. Once a call, with the sum.
    function _addTurnover(uint256 feeWei) internal {
        Turnover memory all = _turnover;
        (uint256 current, uint256 previous) = Windows.roll(all.epoch, all.current, all.previous);
        _turnover = Turnover({
            current: (current + (feeWei >> Windows.UNIT_BITS)).toUint120(),
            previous: previous.toUint120(),
            epoch: Windows.epochNow().toUint16()
        });
    }

    function collect(address prover) external nonReentrant {
        uint256 amountWei = _earners[prover].earnedWei;
        require(amountWei != 0, NothingEarned(prover));
        _earners[prover].earnedWei = 0;
        uint256 keptWei = Math.ceilDiv(amountWei * staking.commissionOf(prover), BPS);
        _credit(prover, keptWei);
        emit Collected(prover, keptWei, amountWei - keptWei);
        if (keptWei == amountWei) return;
        token.safeTransfer(address(staking), amountWei - keptWei);
        staking.reward(prover, amountWei - keptWei);
    }

    function earnedWei(address prover) external view returns (uint256) {
        return _earners[prover].earnedWei;
    }

    function shareOf(address prover) public view returns (uint256) {
        Earner memory own = _earners[prover];
        Turnover memory all = _turnover;
        (uint256 current, uint256 previous) = Windows.roll(own.epoch, own.current, own.previous);
        (uint256 allCurrent, uint256 allPrevious) = Windows.roll(all.epoch, all.current, all.previous);
        uint256 sum = allCurrent + allPrevious;
        // Roundings add up differently in one sum and in the other.
        return sum == 0 ? 0 : Math.min((current + previous) * 1e18 / sum, 1e18);
    }
}
