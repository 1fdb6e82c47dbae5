// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMarket} from "src/market/interfaces/IMarket.sol";
import {IStaking, ProverView} from "src/market/interfaces/IStaking.sol";
import {MarketHandler} from "test/utils/MarketHandler.sol";
import {vm} from "test/utils/Test.sol";

/// What holds after any sequence of calls by anyone.
contract MarketInvariantsTest {
    MarketHandler internal handler;
    IMarket internal market;
    IStaking internal staking;

    function setUp() public {
        handler = new MarketHandler();
        market = handler.theMarket();
        staking = handler.theStaking();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// Every wei in the market is somebody's: an account's, earned, put aside for a request, or for parallel merges.
    function invariant_TheSumOfAllBalancesIsWhatTheMarketHolds() public view {
        address[] memory all = handler.everybody();
        bytes32[] memory ids = handler.allIds();
        bytes32[] memory roots = handler.allRoots();
        uint256 sumWei = 0;
        for (uint256 i = 0; i < all.length; i++) {
            sumWei += market.accountOf(all[i]).balanceWei + market.earnedWei(all[i]);
        }
        for (uint256 i = 0; i < ids.length; i++) {
            sumWei += market.postedOf(ids[i]).amountWei + market.heldOf(ids[i]).amountWei;
        }
        for (uint256 i = 0; i < roots.length; i++) {
            (uint256 collectedWei, uint256 paidWei) = market.sharedOf(roots[i]);
            sumWei += collectedWei - paidWei;
        }
        vm.assertEq(sumWei, handler.theToken().balanceOf(address(market)));
    }

    function invariant_ARequestNeverCostsMoreThanItsMaximum() public view {
        bytes32[] memory ids = handler.allIds();
        for (uint256 i = 0; i < ids.length; i++) {
            vm.assertLe(handler.spentWei(ids[i]), handler.limitWei(ids[i]));
        }
    }

    function invariant_ARequestIsPaidAtMostOnce() public view {
        bytes32[] memory ids = handler.allIds();
        for (uint256 i = 0; i < ids.length; i++) {
            vm.assertLe(handler.settlements(ids[i]), 1);
        }
    }

    function invariant_NoDefaultWithATimelyProof() public view {
        vm.assertEq(handler.defaultsInSpiteOfAProof(), 0);
    }

    function invariant_StakeInIsStakeOutAndSlashed() public view {
        address[] memory provers = handler.allProvers();
        uint256 stakedWei = 0;
        for (uint256 i = 0; i < provers.length; i++) {
            ProverView memory prover = staking.proverOf(provers[i]);
            stakedWei += prover.stakedWei + prover.leavingWei;
        }
        vm.assertEq(stakedWei, handler.theToken().balanceOf(address(staking)));
        vm.assertEq(
            handler.stakedInWei() + handler.rewardedWei(),
            handler.stakedOutWei() + handler.slashedWei() + stakedWei
        );
    }

    function invariant_AStrangerNeverGains() public view {
        address stranger = handler.theStranger();
        vm.assertEq(market.accountOf(stranger).balanceWei + market.earnedWei(stranger), 0);
        vm.assertEq(handler.theToken().balanceOf(stranger) + stranger.balance, 0);
        vm.assertEq(handler.breaches(), 0);
    }

    /// The invariants say something only if the handler moves money.
    function test_TheHandlerReachesEveryBook() public {
        for (uint256 i = 0; i < 6; i++) {
            handler.ask(0, i, i % 3 == 0, 1e14);
            handler.delegate(i, i, 1e15);
            handler.delegate(2, i, 1e15);
        }
        uint256 heldWei = 0;
        for (uint256 i = 0; i < 6; i++) {
            handler.settle(i, 0, 2e12);
            heldWei += market.heldOf(handler.ids(i)).amountWei;
        }
        vm.assertGt(heldWei, 0);
        for (uint256 i = 0; i < 6; i++) {
            vm.assertEq(handler.settlements(handler.ids(i)), 1);
            handler.claim(i, 1, 2e12);
            handler.settle(i, 2, 2e12);
        }
        handler.settleMany(7, 3);
        handler.withdrawShared(0);
        (, uint256 paidWei) = market.sharedOf(handler.roots(0));
        vm.assertGt(paidWei, 0);
        for (uint256 i = 0; i < 4; i++) {
            uint256 place = handler.allIds().length;
            handler.askDirect(0, 40 + i, 2e12, 1e14);
            if (i == 3) handler.giveUp(i, 1e12, true);
            handler.settleDirect(i, i % 2 == 0, false);
            handler.settleDirect(i, true, true);
            handler.giveUp(i, 1e12, true);
            vm.assertEq(handler.settlements(handler.ids(place)), 1);
            vm.assertGt(handler.spentWei(handler.ids(place)), 0);
        }
        vm.assertEq(handler.attemptsPaid(), 1);
        handler.race(9, 2 hours, 3 hours, false, false);
        handler.race(10, 0, 3 hours, true, false);
        handler.race(11, 2 hours, 3 hours, false, true);
        vm.assertEq(handler.defaultsShown(), 1);
        vm.assertGt(handler.slashedWei(), 0);
        for (uint256 i = 0; i < 4; i++) {
            handler.collect(i);
            handler.undelegate(i, i, 1e18);
        }
        vm.assertGt(handler.rewardedWei(), 0);
        handler.pass(2 days);
        handler.ask(0, 20, true, 1e14);
        for (uint256 i = 0; i < 6; i++) {
            handler.pass(2 days);
            handler.takeBack(i);
        }
        handler.takeBack(6);
        handler.withdrawStake(0, 0);
        vm.assertGt(handler.stakedOutWei(), 0);
        for (uint256 i = 0; i < 8; i++) {
            handler.trespass(i, i, 1);
        }
        invariant_TheSumOfAllBalancesIsWhatTheMarketHolds();
        invariant_ARequestNeverCostsMoreThanItsMaximum();
        invariant_ARequestIsPaidAtMostOnce();
        invariant_NoDefaultWithATimelyProof();
        invariant_StakeInIsStakeOutAndSlashed();
        invariant_AStrangerNeverGains();
    }
}
