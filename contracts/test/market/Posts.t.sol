// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccounts} from "src/market/interfaces/IAccounts.sol";
import {IMarket} from "src/market/interfaces/IMarket.sol";
import {Order, PricedEntry} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {Finished, Scenario} from "test/utils/Scenario.sol";
import {bound, vm} from "test/utils/Test.sol";

/// Requests on L1: posted by their owner, fulfilled by anybody, at a price that rises.
contract PostsTest is MarketFixture {
    function posted(Finished memory made) internal returns (Request memory request) {
        request = requestFor(made, requester);
        request.matcher = address(0);
        vm.prank(requester);
        market.post(request);
    }

    /// The order as any prover can make it: no signature of anybody.
    function fillOf(Request memory request, Finished memory made) internal view returns (Order memory order) {
        order = orderFor(request, made, 0);
        order.signature = "";
        for (uint256 i = 0; i < order.entries.length; i++) {
            order.entries[i].signature = "";
            order.entries[i].counterSignature = "";
            order.entries[i].priceWei = MAX_PRICE;
        }
    }

    function test_PostingPutsTheMaximumAside() public {
        Finished memory made = Scenario.finished(1, 2, provers);
        Request memory request = requestFor(made, requester);
        bytes32 id = market.requestId(request);
        vm.expectEmit();
        emit IMarket.RequestPosted(id, requester, request);
        vm.prank(requester);
        vm.assertEq(market.post(request), id);
        vm.assertEq(balanceWei(requester), FUNDS - request.maxTotalWei);
        vm.assertEq(market.postedOf(id).amountWei, request.maxTotalWei);
        vm.assertEq(market.postedOf(id).postedAt, block.timestamp);
        vm.assertTrue(market.isNonceUsed(requester, request.nonce));
    }

    /// The start price while it waits, then in a straight line up to the maximum, and not a wei more.
    function testFuzz_ThePriceRisesWhileItWaits(uint256 seed, uint256 waited) public {
        Finished memory made = Scenario.finished(seed, 2, provers);
        Request memory request = posted(made);
        waited = bound(waited, 0, 2 hours);
        vm.warp(block.timestamp + waited);
        vm.prank(stranger);
        settleAlone(made, fillOf(request, made));

        uint256 risen = waited <= POSTED_WAIT ? 0 : waited - POSTED_WAIT;
        if (risen > POSTED_RISE) risen = POSTED_RISE;
        uint256 priceWei = START_PRICE + uint256(MAX_PRICE - START_PRICE) * risen / POSTED_RISE;
        uint256 late = waited > 1 hours ? waited - 1 hours : 0;
        uint256 paidWei = FUNDS - balanceWei(requester);
        uint256 fullWei = made.claim.work * priceWei / 1_000_000;
        vm.assertLe(paidWei, fullWei);
        if (late == 0) vm.assertLe(fullWei - paidWei, 3, "rounded down for each entry");
        uint256 earnedWei = market.earnedWei(treasury) + market.earnedWei(insurer);
        for (uint256 i = 0; i < 3; i++) {
            earnedWei += market.earnedWei(provers[i]);
        }
        vm.assertEq(earnedWei, paidWei);
        vm.assertEq(market.earnedWei(stranger), 0);
        vm.assertEq(market.postedOf(market.requestId(request)).amountWei, 0);
    }

    function test_APostedRequestIsPaidOnce() public {
        Finished memory made = Scenario.finished(1, 2, provers);
        Request memory request = posted(made);
        Order memory order = fillOf(request, made);
        settleAlone(made, order);
        bytes32 id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotPosted.selector, id));
        market.settleRecorded(order, new bytes32[](0));
        order.signature = sign(requester, id);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, request.nonce));
        market.settleRecorded(order, new bytes32[](0));
    }

    function test_WithoutAPostASignatureIsNeeded() public {
        Finished memory made = Scenario.finished(1, 2, provers);
        Request memory request = requestFor(made, requester);
        Order memory order = fillOf(request, made);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        bytes32 id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotPosted.selector, id));
        market.settleSequence(proof, made.claim, order);
    }

    /// Nobody can leave a prover out of a request that is paid at once.
    function test_AllEntriesOrNothing() public {
        Finished memory made = Scenario.finished(1, 2, provers);
        Order memory order = fillOf(posted(made), made);
        PricedEntry[] memory some = new PricedEntry[](2);
        (some[0], some[1]) = (order.entries[0], order.entries[1]);
        order.entries = some;
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectPartialRevert(IMarket.EntriesMissing.selector);
        market.settleSequence(proof, made.claim, order);
    }

    function test_OnlyTheOwnerPosts() public {
        Request memory request = requestFor(Scenario.finished(1, 2, provers), requester);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotOwner.selector, requester, stranger));
        vm.prank(stranger);
        market.post(request);
    }

    function test_PostingTwiceIsRefused() public {
        Request memory request = posted(Scenario.finished(1, 2, provers));
        vm.expectRevert(abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, request.nonce));
        vm.prank(requester);
        market.post(request);
    }

    function test_PostingWithoutTheMoneyIsRefused() public {
        Request memory request = requestFor(Scenario.finished(1, 2, provers), requester);
        request.maxTotalWei = uint96(FUNDS + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccounts.InsufficientBalance.selector, requester, FUNDS, request.maxTotalWei
            )
        );
        vm.prank(requester);
        market.post(request);
    }

    function test_RequestsThatCannotBeAreRefused() public {
        Request memory request = requestFor(Scenario.finished(1, 2, provers), requester);
        request.maxTotalWei = 0;
        bytes32 id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidRequest.selector, id));
        vm.prank(requester);
        market.post(request);

        request = requestFor(Scenario.finished(1, 2, provers), requester);
        request.startPriceWei = request.maxPriceWei + 1;
        id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidRequest.selector, id));
        vm.prank(requester);
        market.post(request);

        request = requestFor(Scenario.finished(1, 2, provers), requester);
        vm.warp(request.offerDeadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IMarket.OffersClosed.selector, request.offerDeadline));
        vm.prank(requester);
        market.post(request);
    }

    function testFuzz_AnUnfulfilledRequestIsReclaimed(uint256 waited) public {
        Finished memory made = Scenario.finished(1, 2, provers);
        Request memory request = posted(made);
        uint256 expiresAt = uint256(request.proofDeadline) + 1 days;
        waited = bound(waited, block.timestamp, expiresAt);
        vm.warp(waited);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotExpired.selector, expiresAt));
        market.reclaim(request);
        vm.warp(expiresAt + 1);
        vm.prank(stranger);
        market.reclaim(request);
        vm.assertEq(balanceWei(requester), FUNDS);
        bytes32 id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotPosted.selector, id));
        market.reclaim(request);
    }
}
