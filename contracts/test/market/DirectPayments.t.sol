// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claims} from "src/libraries/Claims.sol";
import {IMarket} from "src/market/interfaces/IMarket.sol";
import {Commitment} from "src/market/libraries/Commitments.sol";
import {Order, PricedEntry, ProvenOrder} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {DirectFixture} from "test/utils/DirectFixture.sol";
import {Finished} from "test/utils/Scenario.sol";
import {bound, vm} from "test/utils/Test.sol";

/// Proofs of direct programs, paid from the registry's records: once, at the committed price, and to nobody whom the
/// matcher did not choose.
contract DirectPaymentsTest is DirectFixture {
    function netWei(uint256 feeWei) internal pure returns (uint256) {
        return feeWei - feeWei * PROTOCOL_BPS / 10_000 - feeWei * INSURANCE_BPS / 10_000;
    }

    /// An order whose proof is recorded alone.
    function recorded(uint256 seed) internal returns (Order memory) {
        record(seed);
        return directOrder(directOf(seed, provers[0]));
    }

    function withPrice(Order memory order, uint96 priceWei, uint8 rank) internal view {
        Commitment memory commitment = commitmentFor(order.request, order.entries[0].path.entry);
        (commitment.priceWei, commitment.rank) = (priceWei, rank);
        order.entries[0] = priced(order.request, order.entries[0].path, commitment);
    }

    function resigned(Order memory order) internal view {
        order.signature = sign(requester, market.requestId(order.request));
        withPrice(order, PRICE, 0);
    }

    function expectSkipped(Order memory order, bytes4 reason) internal {
        bytes32 id = market.requestId(order.request);
        vm.expectEmit();
        emit IMarket.OrderSkipped(id, reason);
    }

    function refused(Order memory order, bytes memory reason) internal {
        vm.expectRevert(reason);
        market.settleProven(alone(order));
        vm.assertEq(balanceWei(requester), FUNDS);
    }

    function invalid(Order memory order) internal {
        refused(order, abi.encodeWithSelector(IMarket.InvalidDirectOrder.selector, jobOf(order)));
    }

    function jobOf(Order memory order) internal pure returns (bytes32) {
        Request memory r = order.request;
        return keccak256(abi.encode(r.program, r.pre, order.post, r.data));
    }

    // Who gets what

    function testFuzz_AProverIsPaidItsPrice(uint256 seed, uint96 priceWei) public {
        priceWei = uint96(bound(priceWei, 0, 2 * MAX_PRICE));
        Order memory order = recorded(seed);
        withPrice(order, priceWei, 0);
        uint256 feeWei = priceWei < MAX_PRICE ? priceWei : MAX_PRICE;
        bytes32 id = market.requestId(order.request);
        bytes32 job = jobOf(order);
        vm.expectEmit();
        emit IMarket.EntryPaid(id, provers[0], job, feeWei);
        vm.expectEmit();
        emit IMarket.OrderSettled(id, requester, job, feeWei, 0, 0);
        vm.prank(stranger);
        market.settleProven(alone(order));
        vm.assertEq(FUNDS - balanceWei(requester), feeWei);
        vm.assertEq(market.earnedWei(provers[0]), netWei(feeWei));
        vm.assertEq(market.earnedWei(treasury), feeWei * PROTOCOL_BPS / 10_000);
        vm.assertEq(market.earnedWei(insurer), feeWei * INSURANCE_BPS / 10_000);
        vm.assertTrue(market.isNonceUsed(requester, order.request.nonce));
    }

    function testFuzz_NeverMoreThanTheMaximum(uint256 seed, uint96 maxTotalWei, uint96 priceWei) public {
        Order memory order = recorded(seed);
        order.request.maxTotalWei = uint96(bound(maxTotalWei, 0, FUNDS));
        order.request.maxPriceWei = type(uint96).max;
        resigned(order);
        withPrice(order, priceWei, 0);
        market.settleProven(alone(order));
        uint256 feeWei = FUNDS - balanceWei(requester);
        vm.assertLe(feeWei, order.request.maxTotalWei);
        vm.assertLe(feeWei, priceWei);
    }

    function testFuzz_AllOfABatchArePaidInOneCall(uint256 seed, uint256 count) public {
        count = bound(count, 2, 9);
        bytes32[] memory jobs = recordBatch(seed, count);
        ProvenOrder[] memory orders = new ProvenOrder[](count);
        for (uint256 i = 0; i < count; i++) {
            Request memory request = directRequest(directOf(seedOf(seed, i), provers[i % 3]));
            request.delivery = 2;
            Finished memory made = directOf(seedOf(seed, i), provers[i % 3]);
            orders[i] = inBatch(orderFor(request, made, 0), jobs, i);
        }
        vm.prank(stranger);
        market.settleProven(orders);
        vm.assertEq(FUNDS - balanceWei(requester), count * PRICE);
        for (uint256 i = 0; i < count; i++) {
            vm.assertTrue(market.isNonceUsed(requester, orders[i].order.request.nonce));
        }
        uint256 earnedWei = market.earnedWei(provers[0]) + market.earnedWei(provers[1])
            + market.earnedWei(provers[2]) + market.earnedWei(treasury) + market.earnedWei(insurer);
        vm.assertEq(earnedWei, count * PRICE, "nothing is left over");
    }

    /// Each of two requesters asked, and a prover has committed to both.
    function test_TwoRequestsForOneStatementAreBothPaid() public {
        Order memory first = recorded(1);
        Order memory second = directOrder(directOf(1, provers[1]));
        ProvenOrder[] memory orders = new ProvenOrder[](2);
        (orders[0], orders[1]) = (alone(first)[0], alone(second)[0]);
        market.settleProven(orders);
        vm.assertEq(market.earnedWei(provers[0]), netWei(PRICE));
        vm.assertEq(market.earnedWei(provers[1]), netWei(PRICE));
    }

    // Once

    function test_ARequestIsPaidOnce() public {
        Order memory order = recorded(1);
        ProvenOrder[] memory twice = new ProvenOrder[](2);
        (twice[0], twice[1]) = (alone(order)[0], alone(order)[0]);
        expectSkipped(order, IMarket.NonceUsed.selector);
        market.settleProven(twice);
        expectSkipped(order, IMarket.NonceUsed.selector);
        market.settleProven(twice);
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);
    }

    function test_ARequestIsPaidOnceWhicheverWay() public {
        Finished memory made = directOf(1, provers[0]);
        Order memory order = directOrder(made);
        record(1);
        settleAlone(made, order);
        expectSkipped(order, IMarket.NonceUsed.selector);
        market.settleProven(alone(order));
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);

        order = directOrder(made);
        market.settleProven(alone(order));
        vm.expectRevert(abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, order.request.nonce));
        market.settleRecorded(order, new bytes32[](0));
        vm.assertEq(FUNDS - balanceWei(requester), 2 * PRICE);
    }

    // What is proven

    function test_WhatIsNotRecordedIsNotPaid() public {
        Order memory order = directOrder(directOf(1, provers[0]));
        refused(order, abi.encodeWithSelector(IMarket.NotRecorded.selector, jobOf(order)));
    }

    function testFuzz_AnotherStatementIsNotPaid(uint256 seed, uint256 field) public {
        Order memory order = recorded(seed);
        field = bound(field, 0, 3);
        if (field == 0) order.request.program = ~order.request.program;
        if (field == 1) order.request.pre = ~order.request.pre;
        if (field == 2) order.request.data = ~order.request.data;
        if (field == 3) order.post = ~order.post;
        resigned(order);
        refused(order, abi.encodeWithSelector(IMarket.NotRecorded.selector, jobOf(order)));
    }

    function testFuzz_AnotherJobsPathIsRefused(uint256 seed, uint256 place) public {
        bytes32[] memory jobs = recordBatch(seed, 5);
        place = bound(place, 1, 4);
        Order memory order = directOrder(directOf(seedOf(seed, 0), provers[0]));
        ProvenOrder[] memory orders = only(inBatch(order, jobs, place));
        vm.expectPartialRevert(IMarket.NotRecorded.selector);
        market.settleProven(orders);
        orders[0] = inBatch(order, jobs, 0);
        orders[0].index |= 8;
        vm.expectRevert(abi.encodeWithSelector(Claims.IndexOutsideTree.selector, 8, 3));
        market.settleProven(orders);
    }

    // Who is paid

    function test_WithoutAMatcherNobodySaysWhoProved() public {
        Order memory order = recorded(1);
        order.request.matcher = address(0);
        resigned(order);
        bytes memory reason =
            abi.encodeWithSelector(IMarket.MatcherNeeded.selector, requester, order.request.nonce);
        refused(order, reason);
    }

    function test_APostedRequestIsNotPaid() public {
        Order memory order = recorded(1);
        vm.prank(requester);
        market.post(order.request);
        order.signature = "";
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidDirectOrder.selector, jobOf(order)));
        market.settleProven(alone(order));
        resigned(order);
        expectSkipped(order, IMarket.NonceUsed.selector);
        market.settleProven(alone(order));
        vm.assertEq(balanceWei(requester), FUNDS - order.request.maxTotalWei);
    }

    function test_TwoEntriesAreRefused() public {
        Order memory order = recorded(1);
        PricedEntry[] memory both = new PricedEntry[](2);
        (both[0], both[1]) = (order.entries[0], order.entries[0]);
        order.entries = both;
        invalid(order);
        order.entries = new PricedEntry[](0);
        invalid(order);
    }

    function testFuzz_OtherWorkIsRefused(uint256 work) public {
        vm.assume(work != DIRECT_WORK);
        Order memory order = recorded(1);
        order.work = work;
        invalid(order);
        order.entries[0].path.entry.work = work;
        invalid(order);
        order.work = DIRECT_WORK;
        invalid(order);
    }

    function testFuzz_AnEntryForAnotherJobIsRefused(bytes32 job) public {
        Order memory order = recorded(1);
        vm.assume(job != jobOf(order));
        order.entries[0].path.entry.job = job;
        withPrice(order, PRICE, 0);
        invalid(order);
    }

    function test_OtherPlacesAreRefused() public {
        Order memory order = recorded(1);
        order.place = 1;
        invalid(order);
        order.place = 0;
        order.entries[0].path.siblings = new bytes32[2][](1);
        order.entries[0].path.position = 1;
        invalid(order);
    }

    function test_AnEntryThatIsNotTheOrdersIsRefused() public {
        Order memory order = recorded(1);
        order.entries[0].path.entry.prover = stranger;
        vm.expectPartialRevert(IMarket.EntryNotInClaim.selector);
        market.settleProven(alone(order));
        order.entries[0].path.entry.prover = provers[0];
        order.payouts = ~order.payouts;
        vm.expectPartialRevert(IMarket.EntryNotInClaim.selector);
        market.settleProven(alone(order));
    }

    /// Who sees the proof cannot put itself in the prover's place.
    function test_AnotherProverIsNotPaid() public {
        record(1);
        Request memory request = directRequest(directOf(1, provers[0]));
        Finished memory own = directOf(1, provers[1]);
        Order memory order = orderFor(request, own, 0);
        order.entries[0].counterSignature = "";
        vm.expectPartialRevert(IMarket.NotMatched.selector);
        vm.prank(provers[1]);
        market.settleProven(alone(order));
        order.entries[0].counterSignature = order.entries[0].signature;
        vm.expectPartialRevert(IMarket.NotMatched.selector);
        vm.prank(provers[1]);
        market.settleProven(alone(order));
    }

    function test_TheMatcherNeedNotSignWhatItSettles() public {
        Order memory order = recorded(1);
        order.entries[0].counterSignature = "";
        vm.prank(matcher);
        market.settleProven(alone(order));
        vm.assertEq(market.earnedWei(provers[0]), netWei(PRICE));
    }

    function test_ACommitmentOfTheProverIsNeeded() public {
        Order memory order = recorded(1);
        order.entries[0].priceWei++;
        vm.expectPartialRevert(IMarket.InvalidCommitment.selector);
        vm.prank(matcher);
        market.settleProven(alone(order));
        Order memory other = directOrder(directOf(1, provers[0]));
        other.entries[0] = order.entries[0];
        other.entries[0].priceWei--;
        vm.expectPartialRevert(IMarket.InvalidCommitment.selector);
        market.settleProven(alone(other));
    }

    function test_OnlyAllowedProversArePaid() public {
        Order memory order = recorded(1);
        address[] memory allowed = new address[](1);
        allowed[0] = provers[1];
        order.request.allowedProvers = keccak256(abi.encode(allowed));
        resigned(order);
        bytes32 id = market.requestId(order.request);
        refused(order, abi.encodeWithSelector(IMarket.ForeignAllowList.selector, id));
        order.allowed = allowed;
        refused(order, abi.encodeWithSelector(IMarket.NotAllowed.selector, id, provers[0]));
        allowed[0] = provers[0];
        order.request.allowedProvers = keccak256(abi.encode(allowed));
        resigned(order);
        market.settleProven(alone(order));
        vm.assertEq(market.earnedWei(provers[0]), netWei(PRICE));
    }

    // What may have changed

    function test_AnEmptyAccountAndAForeignSignatureAreSkipped() public {
        record(1);
        address poor = withKey("poor");
        Finished memory made = directOf(1, provers[0]);
        Order memory unpayable = orderFor(requestFor(made, poor), made, 0);
        Order memory unsigned = directOrder(made);
        unsigned.signature = unpayable.signature;
        ProvenOrder[] memory orders = new ProvenOrder[](3);
        (orders[0], orders[1]) = (alone(unpayable)[0], alone(unsigned)[0]);
        orders[2] = alone(directOrder(made))[0];
        expectSkipped(unpayable, IMarket.BalanceTooLow.selector);
        expectSkipped(unsigned, IMarket.InvalidSignature.selector);
        market.settleProven(orders);
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);
    }

    /// Stopping a system stops new records. What its verifier took before is paid.
    function test_WhatAFrozenSystemRecordedIsPaid() public {
        Order memory order = recorded(1);
        vm.prank(guardian);
        router.freeze(DIRECT_SYSTEM);
        market.settleProven(alone(order));
        vm.assertEq(market.earnedWei(provers[0]), netWei(PRICE));
    }

    // Lateness

    function testFuzz_ALateProofEarnsLessAndPays(uint256 seed, uint256 late) public {
        late = bound(late, 1, 1 days);
        Order memory order = directOrder(directOf(seed, provers[0]));
        vm.warp(order.request.proofDeadline + late);
        record(seed);
        market.settleProven(alone(order));
        uint256 penaltyWei = uint256(COLLATERAL) * late / 1 days;
        vm.assertEq(FUNDS - balanceWei(provers[0]), penaltyWei);
        uint256 feeWei = FUNDS + penaltyWei - balanceWei(requester);
        vm.assertEq(market.earnedWei(provers[0]), netWei(feeWei));
        vm.assertLe(PRICE / 5, feeWei);
        vm.assertGt(PRICE, feeWei);
    }

    /// What counts is when the proof was recorded.
    function test_ATimelyProofIsPaidInFullWheneverItIsPaid() public {
        Order memory order = recorded(1);
        vm.warp(order.request.proofDeadline + 30 days);
        vm.prank(stranger);
        market.settleProven(alone(order));
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);
        vm.assertEq(balanceWei(provers[0]), FUNDS);
    }

    function test_ARescuerIsPaidInFull() public {
        Order memory order = directOrder(directOf(1, provers[0]));
        withPrice(order, PRICE, 1);
        vm.warp(order.request.proofDeadline + 2 hours);
        record(1);
        market.settleProven(alone(order));
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);
        vm.assertEq(balanceWei(provers[0]), FUNDS);
    }

    function test_AnExpiredRequestIsSkipped() public {
        Order memory order = directOrder(directOf(1, provers[0]));
        vm.warp(order.request.proofDeadline + 1 days + 1);
        record(1);
        expectSkipped(order, IMarket.Expired.selector);
        market.settleProven(alone(order));
        vm.assertEq(balanceWei(requester), FUNDS);
    }

    /// A requester that repeats a recorded proof in a batch of its own, when it is late, gains nothing.
    function testFuzz_ARepeatedRecordMakesNobodyLate(uint256 seed, uint256 late) public {
        uint256 own = seedOf(seed, 1);
        Order memory order = directOrder(directOf(own, provers[0]));
        record(own);
        vm.warp(order.request.proofDeadline + bound(late, 1, 2 days));
        bytes32[] memory jobs = recordBatch(seed, 3);
        ProvenOrder[] memory repeated = only(inBatch(order, jobs, 1));
        vm.expectPartialRevert(IMarket.LateInBatch.selector);
        vm.prank(requester);
        market.settleProven(repeated);
        market.settleProven(alone(order));
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);
        vm.assertEq(balanceWei(provers[0]), FUNDS);
    }

    function test_ALateBatchIsForTheMatcherToShow() public {
        Order memory order = directOrder(directOf(seedOf(1, 1), provers[0]));
        vm.warp(order.request.proofDeadline + 1 hours);
        ProvenOrder[] memory orders = only(inBatch(order, recordBatch(1, 3), 1));
        vm.expectPartialRevert(IMarket.LateInBatch.selector);
        vm.prank(provers[0]);
        market.settleProven(orders);
        vm.prank(matcher);
        market.settleProven(orders);
        vm.assertEq(FUNDS - balanceWei(provers[0]), COLLATERAL / 24);
    }

    /// A prover whose matcher is gone records its proof alone.
    function test_ALateBatchIsPaidByARecordAlone() public {
        uint256 seed = seedOf(1, 1);
        Order memory order = directOrder(directOf(seed, provers[0]));
        vm.warp(order.request.proofDeadline + 1 hours);
        recordBatch(1, 3);
        record(seed);
        vm.prank(provers[0]);
        market.settleProven(alone(order));
        vm.assertEq(FUNDS - balanceWei(provers[0]), COLLATERAL / 24);
    }
}
