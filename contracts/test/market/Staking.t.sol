// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStaking, ProverView} from "src/market/interfaces/IStaking.sol";
import {Order} from "src/market/libraries/Orders.sol";
import {FeeToken} from "test/mocks/Tokens.sol";
import {Deploy} from "test/utils/Deploy.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {Finished, Scenario} from "test/utils/Scenario.sol";
import {bound, makeAddress, vm} from "test/utils/Test.sol";

/// Stake in shares: in, out, slashed and rewarded.
contract StakingTest is MarketFixture {
    address internal prover;
    /// The prover as its own first delegator.
    address internal alice;
    address internal bob = makeAddress("bob");

    function setUp() public override {
        super.setUp();
        prover = provers[0];
        alice = prover;
        vm.prank(prover);
        staking.register(1_000, address(0));
    }

    function delegate(address delegator, uint256 amountWei) internal returns (uint256 shares) {
        token.mint(delegator, amountWei);
        vm.startPrank(delegator);
        token.approve(address(staking), amountWei);
        shares = staking.delegate(prover, amountWei);
        vm.stopPrank();
    }

    function withdrawAll(address delegator) internal returns (uint256 amountWei) {
        uint256 shares = staking.sharesOf(prover, delegator);
        vm.prank(delegator);
        staking.undelegate(prover, shares);
        vm.warp(block.timestamp + UNBONDING_DELAY);
        vm.prank(delegator);
        amountWei = staking.withdrawStake(prover, delegator);
    }

    function slash(uint256 fraction) internal returns (uint256) {
        vm.prank(address(defaults));
        return staking.slash(prover, fraction, insurer);
    }

    function earn(uint256 seed) internal returns (uint256 earnedWei) {
        address[] memory only = new address[](1);
        only[0] = prover;
        Finished memory made = Scenario.finished(seed, 2, only);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        settleAlone(made, order);
        return market.earnedWei(prover);
    }

    // In and out

    function testFuzz_WhatGoesInComesOut(uint96 a, uint96 b) public {
        a = uint96(bound(a, 1, 1e27));
        b = uint96(bound(b, 1, 1e27));
        delegate(alice, a);
        delegate(bob, b);
        vm.assertEq(staking.proverOf(prover).stakedWei, uint256(a) + b);
        uint256 backA = withdrawAll(alice);
        uint256 backB = withdrawAll(bob);
        vm.assertLe(backA, a);
        vm.assertLe(backB, b);
        vm.assertLe(uint256(a) + b - backA - backB, 4, "only the rounding stays");
        vm.assertEq(token.balanceOf(alice), backA);
    }

    function test_StakeLeavesAfterTheDelay() public {
        uint256 shares = delegate(alice, 10 ether);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NothingLeaving.selector, prover, alice));
        staking.withdrawStake(prover, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IStaking.InsufficientShares.selector, alice, shares, shares + 1)
        );
        staking.undelegate(prover, shares + 1);
        vm.expectRevert(IStaking.ZeroStake.selector);
        staking.undelegate(prover, 0);

        staking.undelegate(prover, shares / 2);
        uint256 leavingAt = block.timestamp + UNBONDING_DELAY;
        vm.warp(leavingAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.TooEarly.selector, leavingAt));
        staking.withdrawStake(prover, alice);
        vm.warp(leavingAt);
        staking.withdrawStake(prover, bob);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(bob), 5 ether);
        vm.assertEq(staking.stakeOf(prover, alice), 5 ether);
    }

    function test_LeavingMoreStartsTheDelayAnew() public {
        uint256 shares = delegate(alice, 10 ether);
        vm.startPrank(alice);
        staking.undelegate(prover, shares / 2);
        vm.warp(block.timestamp + UNBONDING_DELAY - 1);
        staking.undelegate(prover, shares / 2);
        vm.stopPrank();
        (uint256 amountWei, uint256 leavingAt) = staking.leavingOf(prover, alice);
        vm.assertEq(amountWei, 10 ether);
        vm.assertEq(leavingAt, block.timestamp + UNBONDING_DELAY);
    }

    // Slashing

    function testFuzz_ASlashTakesFromAllAlike(uint96 a, uint96 b, uint256 fraction) public {
        a = uint96(bound(a, 1e6, 1e27));
        b = uint96(bound(b, 1e6, 1e27));
        fraction = bound(fraction, 0, 0.9e18);
        delegate(alice, a);
        uint256 shares = delegate(bob, b);
        // Who is on the way out is slashed too.
        vm.prank(bob);
        staking.undelegate(prover, shares);
        uint256 slashedWei = slash(fraction);
        vm.assertEq(token.balanceOf(insurer), slashedWei);
        vm.assertLe(slashedWei, (uint256(a) + b) * fraction / 1e18);
        uint256 leftA = staking.stakeOf(prover, alice);
        (uint256 leftB,) = staking.leavingOf(prover, bob);
        vm.assertLe(leftA, a - uint256(a) * fraction / 1e18 + 1);
        vm.assertLe(leftB, b - uint256(b) * fraction / 1e18 + 1);
        // The virtual wei is worth most where least is left.
        vm.assertLe(uint256(a) + b - slashedWei - leftA - leftB, 20);
    }

    /// Staking after a slash buys the cheaper shares, and owes nothing for what was before.
    function testFuzz_WhoComesAfterASlashLosesNothing(uint256 fraction, uint96 b) public {
        b = uint96(bound(b, 1e6, 1e27));
        delegate(alice, 10 ether);
        slash(bound(fraction, 0, 0.9e18));
        delegate(bob, b);
        vm.assertLe(b - staking.stakeOf(prover, bob), 2);
    }

    function test_OnlyTheSlasherSlashesAndNotEverything() public {
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotSlasher.selector, stranger));
        vm.prank(stranger);
        staking.slash(prover, 1, stranger);
        vm.expectRevert(abi.encodeWithSelector(IStaking.FractionTooHigh.selector, 0.9e18 + 1));
        slash(0.9e18 + 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotMarket.selector, stranger));
        vm.prank(stranger);
        staking.reward(prover, 1);
    }

    // Rewards

    function testFuzz_EarningsAreSharedByStakeAfterCommission(uint256 seed, uint16 commissionBps) public {
        commissionBps = uint16(bound(commissionBps, 0, 1_000));
        vm.prank(prover);
        staking.setCommission(commissionBps);
        delegate(alice, 3 ether);
        delegate(bob, 1 ether);
        uint256 earnedWei = earn(seed);
        uint256 before = balanceWei(prover);
        vm.prank(stranger);
        market.collect(prover);
        uint256 keptWei = (earnedWei * commissionBps + 9_999) / 10_000;
        vm.assertEq(balanceWei(prover) - before, keptWei);
        vm.assertEq(staking.proverOf(prover).stakedWei, 4 ether + earnedWei - keptWei);
        uint256 gainA = staking.stakeOf(prover, alice) - 3 ether;
        uint256 gainB = staking.stakeOf(prover, bob) - 1 ether;
        vm.assertLe(gainA + gainB, earnedWei - keptWei);
        vm.assertLe(gainB * 3, gainA + 6);
        vm.assertEq(market.earnedWei(prover), 0);
    }

    /// Stake that comes after the work gets nothing of its reward.
    function test_LateStakeGetsNothingOfEarlierWork() public {
        delegate(alice, 1 ether);
        earn(1);
        delegate(bob, 100 ether);
        vm.assertEq(market.earnedWei(prover), 0);
        vm.assertLe(staking.stakeOf(prover, bob), 100 ether);
        vm.assertGt(staking.stakeOf(prover, alice), 1 ether);
    }

    function test_WithoutStakeTheProverKeepsAll() public {
        uint256 earnedWei = earn(1);
        market.collect(prover);
        vm.assertEq(balanceWei(prover), FUNDS + earnedWei);
    }

    // Commission and keys

    function test_AHigherCommissionWaitsALowerOneDoesNot() public {
        delegate(alice, 1 ether);
        vm.prank(prover);
        staking.setCommission(2_000);
        vm.assertEq(staking.commissionOf(prover), 1_000);
        vm.warp(block.timestamp + UNBONDING_DELAY);
        vm.assertEq(staking.commissionOf(prover), 2_000);
        vm.prank(prover);
        staking.setCommission(500);
        vm.assertEq(staking.commissionOf(prover), 500);
        ProverView memory known = staking.proverOf(prover);
        vm.assertTrue(known.registered);
        vm.assertEq(known.nextCommissionBps, 500);
    }

    function test_AReplacedKeyCountsForADay() public {
        address first = makeAddress("first key");
        address second = makeAddress("second key");
        vm.startPrank(prover);
        staking.setHotKey(first);
        vm.assertTrue(staking.isKeyOf(prover, first));
        staking.setHotKey(second);
        vm.stopPrank();
        vm.assertTrue(staking.isKeyOf(prover, second));
        vm.assertTrue(staking.isKeyOf(prover, prover));
        vm.assertFalse(staking.isKeyOf(prover, address(0)));
        vm.warp(block.timestamp + 1 days - 1);
        vm.assertTrue(staking.isKeyOf(prover, first));
        vm.warp(block.timestamp + 1);
        vm.assertFalse(staking.isKeyOf(prover, first));
    }

    function testFuzz_RegisteringIsOnceAndWithinBounds(uint16 commissionBps) public {
        commissionBps = uint16(bound(commissionBps, 10_001, type(uint16).max));
        bytes memory tooHigh = abi.encodeWithSelector(IStaking.CommissionTooHigh.selector, commissionBps);
        vm.expectRevert(tooHigh);
        vm.prank(stranger);
        staking.register(commissionBps, address(0));
        vm.expectRevert(tooHigh);
        vm.prank(prover);
        staking.setCommission(commissionBps);
        vm.expectRevert(abi.encodeWithSelector(IStaking.AlreadyRegistered.selector, prover));
        vm.prank(prover);
        staking.register(0, address(0));
    }

    function test_AnUnregisteredProverHasNoStake() public {
        bytes memory unknown = abi.encodeWithSelector(IStaking.NotRegistered.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(unknown);
        staking.setHotKey(bob);
        vm.expectRevert(unknown);
        staking.setCommission(0);
        vm.expectRevert(unknown);
        staking.delegate(stranger, 1);
        vm.expectRevert(unknown);
        staking.undelegate(stranger, 1);
        vm.expectRevert(unknown);
        staking.withdrawStake(stranger, stranger);
        vm.expectRevert(IStaking.ZeroStake.selector);
        staking.delegate(prover, 0);
        vm.stopPrank();
    }

    function test_NobodyStakesBeforeTheProver() public {
        token.mint(bob, 1);
        vm.startPrank(bob);
        token.approve(address(staking), 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NoOwnStake.selector, prover));
        staking.delegate(prover, 1);
        vm.stopPrank();
    }

    function test_ATokenThatTakesFeesIsRefused() public {
        FeeToken taking = new FeeToken();
        deployMarket(taking);
        taking.mint(prover, 100);
        vm.startPrank(prover);
        staking.register(0, address(0));
        taking.approve(address(staking), 100);
        vm.expectRevert(abi.encodeWithSelector(IStaking.UnexpectedTransfer.selector, 100, 99));
        staking.delegate(prover, 100);
        vm.stopPrank();
    }

    function test_TheMarketIsSetOnceByTheDeployer() public {
        vm.expectRevert(abi.encodeWithSelector(IStaking.MarketAlreadySet.selector, market));
        staking.setMarket(stranger, stranger);
        IStaking other = Deploy.staking(IERC20(address(token)), 1);
        vm.expectRevert(abi.encodeWithSelector(IStaking.NotDeployer.selector, stranger));
        vm.prank(stranger);
        other.setMarket(stranger, stranger);
    }
}
