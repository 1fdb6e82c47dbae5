// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {WrappedEther} from "src/dev/WrappedEther.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {bound, vm} from "test/utils/Test.sol";

/// The wrapped ether of development chains, by itself and as a market's token.
contract WrappedEtherTest is MarketFixture {
    WrappedEther private weth;

    function setUp() public override {
        super.setUp();
        weth = new WrappedEther();
    }

    function testFuzz_EtherGoesInAndOut(uint96 amountWei, uint96 outWei, bool bare) public {
        outWei = uint96(bound(outWei, 0, amountWei));
        vm.deal(stranger, amountWei);
        vm.startPrank(stranger);
        if (bare) {
            (bool taken,) = address(weth).call{value: amountWei}("");
            vm.assertTrue(taken);
        } else {
            weth.deposit{value: amountWei}();
        }
        vm.assertEq(weth.balanceOf(stranger), amountWei);
        vm.assertEq(address(weth).balance, amountWei);
        weth.withdraw(outWei);
        vm.stopPrank();
        vm.assertEq(weth.balanceOf(stranger), amountWei - outWei);
        vm.assertEq(weth.totalSupply(), address(weth).balance);
        vm.assertEq(stranger.balance, outWei);
    }

    function test_NobodyTakesMoreThanItsOwn() public {
        vm.deal(requester, 1 ether);
        vm.prank(requester);
        weth.deposit{value: 1 ether}();
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, stranger, 0, 1)
        );
        vm.prank(stranger);
        weth.withdraw(1);
    }

    /// This contract takes no ether.
    function test_ARefusedWithdrawalIsUndone() public {
        vm.deal(address(this), 1 ether);
        weth.deposit{value: 1 ether}();
        vm.expectRevert(abi.encodeWithSelector(WrappedEther.TransferFailed.selector, address(this)));
        weth.withdraw(1 ether);
        vm.assertEq(weth.balanceOf(address(this)), 1 ether);
    }

    function testFuzz_AMarketWrapsAndUnwrapsWithIt(uint96 amountWei) public {
        amountWei = uint96(bound(amountWei, 1, type(uint96).max));
        deployMarket(weth);
        vm.deal(stranger, amountWei);
        vm.startPrank(stranger);
        market.depositEther{value: amountWei}(stranger);
        vm.assertEq(weth.balanceOf(address(market)), amountWei);
        market.announceWithdrawal(amountWei);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        market.withdrawEther(stranger);
        vm.stopPrank();
        vm.assertEq(stranger.balance, amountWei);
    }
}
