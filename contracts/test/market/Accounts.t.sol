// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Account, IAccounts} from "src/market/interfaces/IAccounts.sol";
import {MarketConfig} from "src/market/interfaces/IMarket.sol";
import {RefusingProver} from "test/mocks/Provers.sol";
import {FalseToken, FeeToken, ReentrantToken} from "test/mocks/Tokens.sol";
import {Deploy} from "test/utils/Deploy.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {bound, vm} from "test/utils/Test.sol";

/// Money in and out of accounts.
contract AccountsTest is MarketFixture {
    function testFuzz_ADepositIsTheAccounts(uint96 amountWei) public {
        amountWei = uint96(bound(amountWei, 1, type(uint96).max / 2));
        token.mint(stranger, amountWei);
        vm.prank(stranger);
        token.approve(address(market), amountWei);
        vm.expectEmit();
        emit IAccounts.Deposited(tenant, amountWei);
        vm.prank(stranger);
        market.deposit(tenant, amountWei);
        vm.assertEq(balanceWei(tenant), amountWei);
        vm.assertEq(balanceWei(stranger), 0);
        vm.assertEq(token.balanceOf(stranger), 0);
    }

    function permitDigest(address owner, uint256 amountWei, uint256 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 typehash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 body =
            keccak256(abi.encode(typehash, owner, address(market), amountWei, token.nonces(owner), deadline));
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), body));
    }

    function testFuzz_ADepositByPermit(uint96 amountWei, bool usedBefore) public {
        amountWei = uint96(bound(amountWei, 1, type(uint96).max / 2));
        token.mint(requester, amountWei);
        uint256 deadline = block.timestamp + 1;
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(keyOf[requester], permitDigest(requester, amountWei, deadline));
        if (usedBefore) token.permit(requester, address(market), amountWei, deadline, v, r, s);
        vm.prank(requester);
        market.depositWithPermit(tenant, amountWei, deadline, v, r, s);
        vm.assertEq(balanceWei(tenant), amountWei);
    }

    function test_AForeignPermitMovesNothing() public {
        token.mint(requester, 1 ether);
        uint256 deadline = block.timestamp + 1;
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(keyOf[requester], permitDigest(requester, 1 ether, deadline));
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        vm.prank(stranger);
        market.depositWithPermit(stranger, 1 ether, deadline, v, r, s);
    }

    function testFuzz_EtherComesInAndGoesOut(uint96 amountWei) public {
        amountWei = uint96(bound(amountWei, 1, type(uint96).max / 2));
        vm.deal(tenant, amountWei);
        vm.startPrank(tenant);
        market.depositEther{value: amountWei}(tenant);
        vm.assertEq(balanceWei(tenant), amountWei);
        market.announceWithdrawal(amountWei);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        market.withdrawEther(tenant);
        vm.stopPrank();
        vm.assertEq(tenant.balance, amountWei);
        vm.assertEq(balanceWei(tenant), 0);
    }

    function test_EtherThatNobodyTakesStays() public {
        address refusing = address(new RefusingProver());
        vm.deal(tenant, 1 ether);
        vm.startPrank(tenant);
        market.depositEther{value: 1 ether}(tenant);
        market.announceWithdrawal(1 ether);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.TransferFailed.selector, refusing));
        market.withdrawEther(refusing);
        vm.stopPrank();
        vm.assertEq(balanceWei(tenant), 1 ether);
    }

    function test_EtherIsRefusedWhereTheTokenIsNotEther() public {
        MarketConfig memory config = configOf(token);
        config.wrapsEther = false;
        market = Deploy.market(config);
        vm.deal(address(this), 2 ether);
        vm.expectRevert(IAccounts.NotWrappedEther.selector);
        market.depositEther{value: 1 ether}(tenant);
        vm.expectRevert(IAccounts.NotWrappedEther.selector);
        market.withdrawEther(tenant);
    }

    function test_EtherFromElsewhereIsRefused() public {
        vm.deal(stranger, 1 ether);
        vm.prank(stranger);
        (bool sent, bytes memory reason) = address(market).call{value: 1 ether}("");
        vm.assertFalse(sent);
        vm.assertEq(bytes32(reason), bytes32(IAccounts.NotWrappedEther.selector));
    }

    function test_NothingIsNoDeposit() public {
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        market.deposit(tenant, 0);
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        market.depositEther(tenant);
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        market.announceWithdrawal(0);
    }

    // Withdrawing

    function testFuzz_MoneyLeavesAfterTheDelay(uint256 amountWei, uint256 waited) public {
        amountWei = bound(amountWei, 1, FUNDS);
        waited = bound(waited, 0, WITHDRAWAL_DELAY - 1);
        vm.startPrank(requester);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.NothingAnnounced.selector, requester));
        market.withdraw(stranger);
        market.announceWithdrawal(amountWei);
        uint256 leavingAt = block.timestamp + WITHDRAWAL_DELAY;
        vm.warp(block.timestamp + waited);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.TooEarly.selector, leavingAt));
        market.withdraw(stranger);
        vm.warp(leavingAt);
        market.withdraw(stranger);
        vm.assertEq(token.balanceOf(stranger), amountWei);
        vm.assertEq(balanceWei(requester), FUNDS - amountWei);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.NothingAnnounced.selector, requester));
        market.withdraw(stranger);
        vm.stopPrank();
    }

    function testFuzz_MoreThanTheBalanceIsRefused(uint256 amountWei) public {
        amountWei = bound(amountWei, FUNDS + 1, type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(IAccounts.InsufficientBalance.selector, requester, FUNDS, amountWei)
        );
        vm.prank(requester);
        market.announceWithdrawal(amountWei);
    }

    function test_AnnouncingAgainStartsAnew() public {
        vm.startPrank(requester);
        market.announceWithdrawal(1 ether);
        vm.warp(block.timestamp + 1 days);
        market.announceWithdrawal(2 ether);
        Account memory account = market.accountOf(requester);
        vm.assertEq(account.leavingWei, 2 ether);
        vm.assertEq(account.leavingAt, block.timestamp + WITHDRAWAL_DELAY);
        vm.stopPrank();
    }

    // Hostile tokens

    function test_ATokenThatTakesFeesIsRefused() public {
        FeeToken taking = new FeeToken();
        deployMarket(taking);
        taking.mint(address(this), 100);
        taking.approve(address(market), 100);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.UnexpectedTransfer.selector, 100, 99));
        market.deposit(tenant, 100);
    }

    function test_ATokenThatSaysNoIsRefused() public {
        FalseToken no = new FalseToken();
        deployMarket(no);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, no));
        market.deposit(tenant, 100);
    }

    /// Whatever the token calls while it moves, nothing moves twice.
    function testFuzz_ATokenThatCallsBackGainsNothing(uint256 choice) public {
        ReentrantToken calling = new ReentrantToken();
        deployMarket(calling);
        calling.mint(address(this), 200);
        calling.approve(address(market), 200);
        market.deposit(address(calling), 100);
        market.deposit(tenant, 100);
        vm.prank(address(calling));
        market.announceWithdrawal(100);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);

        bytes memory callback = abi.encodeCall(market.withdraw, (address(calling)));
        if (choice % 3 == 1) callback = abi.encodeCall(market.deposit, (address(calling), 0));
        if (choice % 3 == 2) callback = abi.encodeCall(market.collect, (address(calling)));
        calling.arm(address(market), callback);
        vm.prank(address(calling));
        market.withdraw(address(calling));
        vm.assertEq(calling.calls(), 1);
        bytes4 guard = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        vm.assertEq(bytes32(calling.answer()), bytes32(guard));
        vm.assertEq(calling.balanceOf(address(market)), 100);
        vm.assertEq(balanceWei(tenant), 100);
        vm.assertEq(balanceWei(address(calling)), 0);
    }
}
