// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrantProver, RefusingProver} from "./mocks/Provers.sol";
import {Finished} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {bound, makeAddress, vm} from "./utils/Test.sol";
import {Deposit, ISettlement} from "src/interfaces/ISettlement.sol";

/// Deposits: anyone adds, only the tenant takes, and not at once.
contract DepositTest is SettlementFixture {
    address internal heir = makeAddress("heir");

    function announce(uint256 amountWei) internal returns (uint256 leavingAt) {
        vm.prank(tenant);
        settlement.announceWithdrawal(amountWei);
        return settlement.depositOf(tenant).leavingAt;
    }

    function testFuzz_AnyoneDepositsForATenant(address from, uint96 amountWei) public {
        amountWei = uint96(bound(amountWei, 1, 1e27));
        vm.deal(from, amountWei);
        vm.expectEmit();
        emit ISettlement.Deposited(tenant, amountWei);
        vm.prank(from);
        settlement.deposit{value: amountWei}(tenant);
        vm.assertEq(settlement.depositOf(tenant).balanceWei, DEPOSIT_WEI + amountWei);
    }

    function test_NothingIsNoDeposit() public {
        vm.expectRevert(ISettlement.ZeroAmount.selector);
        settlement.deposit(tenant);
    }

    function test_PlainTransfersAreRefused() public {
        vm.deal(address(this), 1 ether);
        (bool sent,) = address(settlement).call{value: 1 ether}("");
        vm.assertFalse(sent);
    }

    function testFuzz_ATenantTakesWhatItAnnounced(uint256 amountWei, uint256 waitSeconds) public {
        amountWei = bound(amountWei, 1, DEPOSIT_WEI);
        uint256 leavingAt = announce(amountWei);
        vm.assertEq(leavingAt, block.timestamp + settlement.WITHDRAWAL_DELAY());
        vm.warp(bound(waitSeconds, leavingAt, leavingAt + 365 days));

        vm.expectEmit();
        emit ISettlement.DepositWithdrawn(tenant, heir, amountWei);
        vm.prank(tenant);
        settlement.withdrawDeposit(heir);

        Deposit memory left = settlement.depositOf(tenant);
        vm.assertEq(heir.balance, amountWei);
        vm.assertEq(left.balanceWei, DEPOSIT_WEI - amountWei);
        vm.assertEq(uint256(left.leavingWei) + left.leavingAt, 0);
    }

    function testFuzz_NotBeforeTheDelay(uint256 waitSeconds) public {
        uint256 leavingAt = announce(1 ether);
        vm.warp(bound(waitSeconds, block.timestamp, leavingAt - 1));
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.TooEarly.selector, leavingAt));
        settlement.withdrawDeposit(heir);
    }

    function test_NotWithoutAnnouncement() public {
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingAnnounced.selector, tenant));
        settlement.withdrawDeposit(heir);
    }

    function test_NotTwice() public {
        vm.warp(announce(1 ether));
        vm.prank(tenant);
        settlement.withdrawDeposit(heir);
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingAnnounced.selector, tenant));
        settlement.withdrawDeposit(heir);
    }

    function test_AnnouncingAgainStartsTheDelayAnew() public {
        vm.warp(announce(1 ether) - 1);
        uint256 leavingAt = announce(2 ether);
        vm.warp(leavingAt - 1);
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.TooEarly.selector, leavingAt));
        settlement.withdrawDeposit(heir);
    }

    function testFuzz_NotMoreThanThereIs(uint256 amountWei) public {
        amountWei = bound(amountWei, DEPOSIT_WEI + 1, type(uint256).max);
        vm.prank(tenant);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.InsufficientDeposit.selector, tenant, DEPOSIT_WEI, amountWei)
        );
        settlement.announceWithdrawal(amountWei);
    }

    function test_NothingCannotBeAnnounced() public {
        vm.prank(tenant);
        vm.expectRevert(ISettlement.ZeroAmount.selector);
        settlement.announceWithdrawal(0);
    }

    /// Provers are not robbed by an announcement: claims opened meanwhile are paid first.
    function testFuzz_AnAnnouncedDepositStillPays(uint256 seed) public {
        vm.warp(announce(DEPOSIT_WEI));
        Finished memory made = settledAlone(seed, 3);
        openAs(tenant, made);
        uint256 priceOfClaimWei = priceWei(made.claim.work);
        vm.prank(tenant);
        settlement.withdrawDeposit(heir);
        vm.assertEq(heir.balance, DEPOSIT_WEI - priceOfClaimWei);
        vm.assertEq(address(settlement).balance, priceOfClaimWei);
    }

    function test_StrangersTakeNothing() public {
        vm.warp(announce(1 ether));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingAnnounced.selector, stranger));
        settlement.withdrawDeposit(stranger);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.InsufficientDeposit.selector, stranger, 0, 1));
        settlement.announceWithdrawal(1);
    }

    function test_ARecipientThatRefusesKeepsTheDeposit() public {
        vm.warp(announce(1 ether));
        address refusing = address(new RefusingProver());
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.TransferFailed.selector, refusing));
        settlement.withdrawDeposit(refusing);
        vm.assertEq(settlement.depositOf(tenant).balanceWei, DEPOSIT_WEI);
    }

    /// The deposit is sent with all gas, so a tenant can call back: it finds nothing announced.
    function test_AReentrantTenantTakesOnce() public {
        ReentrantProver attacker = new ReentrantProver();
        bytes memory take = abi.encodeCall(settlement.withdrawDeposit, (address(attacker)));
        attacker.arm(address(settlement), take);
        vm.deal(address(this), 2 ether);
        settlement.deposit{value: 2 ether}(address(attacker));
        attacker.execute(abi.encodeCall(settlement.announceWithdrawal, (1 ether)));
        vm.warp(block.timestamp + settlement.WITHDRAWAL_DELAY());
        attacker.execute(take);
        vm.assertEq(attacker.calls(), 1);
        vm.assertEq(attacker.successes(), 0);
        vm.assertEq(address(attacker).balance, 1 ether);
    }
}
