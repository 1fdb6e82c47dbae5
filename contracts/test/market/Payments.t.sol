// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PayoutPath} from "src/libraries/Payouts.sol";
import {Held, IMarket, MarketConfig} from "src/market/interfaces/IMarket.sol";
import {Commitment} from "src/market/libraries/Commitments.sol";
import {Order, PricedEntry} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {BurningWallet, MockWallet} from "test/mocks/Wallets.sol";
import {Deploy} from "test/utils/Deploy.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {Aggregated, Finished, Scenario} from "test/utils/Scenario.sol";
import {bound, makeAddress, vm} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// Settling pays: each entry at the price of its commitment, within what the requester signed, once.
contract PaymentsTest is MarketFixture {
    function alone(uint256 seed, uint256 segments) internal view returns (Finished memory) {
        return Scenario.finished(seed, bound(segments, 1, 5), provers);
    }

    function netWei(uint256 feeWei) internal pure returns (uint256) {
        return feeWei - feeWei * PROTOCOL_BPS / 10_000 - feeWei * INSURANCE_BPS / 10_000;
    }

    function skipped(Request memory request, bytes4 reason) internal {
        bytes32 id = market.requestId(request);
        vm.expectEmit();
        emit IMarket.OrderSkipped(id, reason);
    }

    // Who gets what

    function testFuzz_EveryEntryIsPaidAtItsOwnPrice(uint256 seed, uint256 segments) public {
        Finished memory made = alone(seed, segments);
        Request memory request = requestFor(made, requester);
        Order memory order = orderFor(request, made, 0);
        uint256[3] memory expectedWei;
        uint256 totalWei = 0;
        for (uint256 i = 0; i < order.entries.length; i++) {
            PayoutPath memory path = order.entries[i].path;
            Commitment memory commitment = commitmentFor(request, path.entry);
            commitment.priceWei = uint96(Scenario.number(seed ^ i, "price", 0, MAX_PRICE));
            order.entries[i] = priced(request, path, commitment);
            uint256 feeWei = path.entry.work * commitment.priceWei / 1_000_000;
            totalWei += feeWei;
            for (uint256 p = 0; p < 3; p++) {
                if (path.entry.prover == provers[p]) expectedWei[p] += netWei(feeWei);
            }
        }
        uint256 before = balanceWei(requester);
        vm.prank(stranger);
        settleAlone(made, order);

        vm.assertEq(before - balanceWei(requester), totalWei);
        uint256 netSumWei = market.earnedWei(treasury) + market.earnedWei(insurer);
        for (uint256 p = 0; p < 3; p++) {
            vm.assertEq(market.earnedWei(provers[p]), expectedWei[p]);
            netSumWei += expectedWei[p];
        }
        vm.assertEq(netSumWei, totalWei, "nothing is left over");
        vm.assertEq(market.earnedWei(stranger), 0);
    }

    function testFuzz_AllRequestsOfAnAggregateArePaidInOneCall(uint256 seed, uint256 count) public {
        count = bound(count, 2, 12);
        Aggregated memory made = Scenario.aggregated(seed, count, provers);
        Order[] memory orders = ordersFor(made, requester);
        uint256 before = balanceWei(requester);
        settleAll(made, orders);

        uint256 ownWei = 0;
        for (uint256 i = 0; i < count; i++) {
            vm.assertTrue(market.isNonceUsed(requester, orders[i].request.nonce));
            ownWei += made.parts[i].claim.work * PRICE / 1_000_000;
        }
        (uint256 collectedWei, uint256 paidWei) = market.sharedOf(made.root.claims);
        vm.assertEq(paidWei, 0);
        uint256 entries = 5 * count;
        uint256 spentWei = before - balanceWei(requester);
        vm.assertLe(spentWei, ownWei + collectedWei, "rounded for the requester");
        vm.assertLe(ownWei + collectedWei - spentWei, entries);
        uint256 sharedWei = count * sharedWork(count) * PRICE / 1_000_000;
        vm.assertLe(collectedWei, sharedWei);
        vm.assertLe(sharedWei - collectedWei, 10 * entries, "the merges, at the requests' own price");
    }

    function testFuzz_ParallelMergesArePaidByWork(uint256 seed, uint256 count) public {
        Aggregated memory made = Scenario.aggregated(seed, bound(count, 2, 8), provers);
        settleAll(made, ordersFor(made, requester));
        uint256 before = earnedByAll();
        vm.prank(stranger);
        uint256 amountWei = market.withdrawShared(made.root.claims, made.shared.paths);
        (uint256 collectedWei, uint256 paidWei) = market.sharedOf(made.root.claims);
        vm.assertEq(amountWei, paidWei);
        vm.assertEq(earnedByAll() - before, amountWei);
        vm.assertLe(collectedWei - paidWei, made.shared.paths.length, "only the rounding stays");

        vm.expectRevert(abi.encodeWithSelector(IMarket.NothingDue.selector, made.root.claims));
        market.withdrawShared(made.root.claims, made.shared.paths);
    }

    function earnedByAll() internal view returns (uint256 sumWei) {
        for (uint256 p = 0; p < 3; p++) {
            sumWei += market.earnedWei(provers[p]);
        }
    }

    function test_SharedEntriesOfAnotherTreeAreRefused() public {
        Aggregated memory made = Scenario.aggregated(1, 3, provers);
        settleAll(made, ordersFor(made, requester));
        Aggregated memory other = Scenario.aggregated(2, 3, provers);
        vm.expectPartialRevert(IMarket.EntryNotInClaim.selector);
        market.withdrawShared(made.root.claims, other.shared.paths);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotRecorded.selector, other.root.claims));
        market.withdrawShared(other.root.claims, other.shared.paths);
    }

    // Never more than the maximum

    function testFuzz_NeverMoreThanEitherMaximum(uint256 seed, uint96 maxPrice, uint96 maxTotal, uint96 price)
        public
    {
        Aggregated memory made = Scenario.aggregated(seed, 3, provers);
        Order[] memory orders = ordersFor(made, requester);
        Request memory request = orders[1].request;
        request.maxPriceWei = maxPrice;
        request.maxTotalWei = uint96(bound(maxTotal, 0, FUNDS));
        Order memory order = orderFor(request, made.parts[1], 1);
        for (uint256 i = 0; i < order.entries.length; i++) {
            Commitment memory commitment = commitmentFor(request, order.entries[i].path.entry);
            commitment.priceWei = price;
            order.entries[i] = priced(request, order.entries[i].path, commitment);
        }
        orders = new Order[](1);
        orders[0] = order;
        uint256 before = balanceWei(requester);
        settleAll(made, orders);
        uint256 spentWei = before - balanceWei(requester);
        vm.assertLe(spentWei, request.maxTotalWei, "total");
        uint256 work = made.parts[1].claim.work + sharedWork(3);
        vm.assertLe(spentWei, uint256(maxPrice) * work / 1_000_000, "price");
        vm.assertLe(spentWei, uint256(price) * work / 1_000_000, "commitments");
    }

    // Once

    function testFuzz_ARequestIsPaidOnce(uint256 seed) public {
        Finished memory made = alone(seed, 2);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        settleAlone(made, order);
        uint256 before = balanceWei(requester);
        bytes memory used = abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, order.request.nonce);
        vm.expectRevert(used);
        settleAlone(made, order);
        vm.expectRevert(used);
        market.settleRecorded(order, new bytes32[](0));
        vm.assertEq(balanceWei(requester), before);
    }

    function test_APaidOrderInASettlementOfManyIsSkipped() public {
        Aggregated memory made = Scenario.aggregated(1, 3, provers);
        Order[] memory orders = ordersFor(made, requester);
        Order[] memory first = new Order[](1);
        first[0] = orders[1];
        settleAll(made, first);
        skipped(orders[1].request, IMarket.NonceUsed.selector);
        settleAll(made, orders);
        vm.assertTrue(market.isNonceUsed(requester, orders[0].request.nonce));
        vm.assertTrue(market.isNonceUsed(requester, orders[2].request.nonce));
    }

    /// Without this, an order for a claim that is not in the tree would be hidden by one behind it.
    function test_TwoOrdersForOneClaimAreRefused() public {
        Aggregated memory made = Scenario.aggregated(1, 3, provers);
        Finished memory fake = Scenario.finished(99, 2, provers);
        Order[] memory orders = new Order[](2);
        orders[0] = orderFor(requestFor(fake, requester), fake, 1);
        orders[1] = orderFor(requestFor(made.parts[1], requester), made.parts[1], 1);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.OrdersNotAscending.selector, 1));
        market.settle(proof, made.root, made.hashes, orders);
    }

    // What is proven

    function testFuzz_AClaimOutsideTheTreeIsRefused(uint256 seed, uint256 field) public {
        Aggregated memory made = Scenario.aggregated(seed, 4, provers);
        Order[] memory orders = new Order[](1);
        orders[0] = orderFor(requestFor(made.parts[2], requester), made.parts[2], 2);
        field = bound(field, 0, 4);
        if (field == 0) orders[0].post = ~orders[0].post;
        if (field == 1) orders[0].work++;
        if (field == 2) orders[0].place = 1;
        if (field == 3) made.hashes[0] = ~made.hashes[0];
        if (field == 4) orders[0].place = 3;
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        vm.expectPartialRevert(IMarket.ForeignClaims.selector);
        market.settle(proof, made.root, made.hashes, orders);
    }

    function test_APlaceOutsideTheTreeIsRefused() public {
        Aggregated memory made = Scenario.aggregated(1, 4, provers);
        Order[] memory orders = new Order[](1);
        orders[0] = orderFor(requestFor(made.parts[0], requester), made.parts[0], 4);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.PlaceOutside.selector, 4, 4));
        market.settle(proof, made.root, made.hashes, orders);
    }

    /// A recorded root, given with another number of claims.
    function test_AForeignCountIsRefused() public {
        Aggregated memory made = settled(1, 4);
        made.hashes = new bytes32[](3);
        vm.expectRevert(abi.encodeWithSelector(IMarket.ForeignCount.selector, 4, 3));
        market.settle("", made.root, made.hashes, new Order[](0));
    }

    function test_AnAggregateThatOthersRecordedIsPaid() public {
        Aggregated memory made = settled(1, 4);
        market.settle("", made.root, made.hashes, ordersFor(made, requester));
        vm.assertTrue(market.isNonceUsed(requester, 3));
    }

    function testFuzz_ALateOrderIsPaidByItsPath(uint256 seed, uint256 count, uint256 place) public {
        Aggregated memory made = settled(seed, bound(count, 2, 9));
        place = bound(place, 0, made.parts.length - 1);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);
        Order memory order = orderFor(requestFor(made.parts[place], requester), made.parts[place], index);
        market.settleRecorded(order, siblings);
        vm.assertTrue(market.isNonceUsed(requester, order.request.nonce));
    }

    function test_AnUnrecordedClaimIsRefused() public {
        Finished memory made = alone(1, 2);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotRecorded.selector, made.hash));
        market.settleRecorded(order, new bytes32[](0));
    }

    function test_AnotherClaimThanTheProvenOneIsRefused() public {
        Finished memory made = alone(1, 2);
        Finished memory other = alone(2, 2);
        Order memory order = orderFor(requestFor(other, requester), other, 0);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.ForeignClaim.selector, made.hash, other.hash));
        market.settleSequence(proof, made.claim, order);
    }

    function test_AloneMeansAlone() public {
        Aggregated memory made = Scenario.aggregated(1, 2, provers);
        Request memory request = requestFor(made.parts[0], requester);
        request.delivery = 0;
        Order[] memory orders = new Order[](1);
        orders[0] = orderFor(request, made.parts[0], 0);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        bytes32 id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.DeliveryMismatch.selector, id));
        market.settle(proof, made.root, made.hashes, orders);
    }

    // Signatures

    function testFuzz_ARequestBindsItsWholeBody(uint256 seed, uint256 field) public {
        Finished memory made = alone(seed, 1);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        Request memory r = order.request;
        field = bound(field, 0, 9);
        if (field == 0) r.startPriceWei++;
        if (field == 1) r.maxPriceWei++;
        if (field == 2) r.maxTotalWei++;
        if (field == 3) r.offerDeadline++;
        if (field == 4) r.proofDeadline++;
        if (field == 5) r.collateralWei++;
        if (field == 6) r.policy++;
        if (field == 7) r.matcher = stranger;
        if (field == 8) r.nonce++;
        if (field == 9) r.owner = provers[0];
        bytes32 id = market.requestId(r);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidSignature.selector, id, r.owner));
        market.settleSequence(proof, made.claim, order);
    }

    function test_ASignatureForAnotherChainOrMarketIsRefused() public {
        Finished memory made = alone(1, 1);
        Request memory request = requestFor(made, requester);
        Order memory order = orderFor(request, made, 0);
        deployMarket(token);
        fundAccount(requester);
        Order memory here = orderFor(request, made, 0);
        here.signature = order.signature;
        bytes32 id = market.requestId(request);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidSignature.selector, id, requester));
        market.settleSequence(proof, made.claim, here);
    }

    function testFuzz_ACommitmentBindsItsWholeBody(uint256 seed, uint256 field) public {
        Finished memory made = alone(seed, 2);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        PricedEntry memory entry = order.entries[0];
        field = bound(field, 0, 3);
        if (field == 0) entry.priceWei++;
        if (field == 1) entry.deadline++;
        if (field == 2) entry.collateralWei++;
        if (field == 3) entry.rank++;
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectPartialRevert(IMarket.InvalidCommitment.selector);
        market.settleSequence(proof, made.claim, order);
    }

    /// A price that the matcher did not take is no price.
    function test_AnUnmatchedCommitmentIsRefused() public {
        Finished memory made = alone(1, 2);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        order.entries[1].counterSignature = order.entries[1].signature;
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectPartialRevert(IMarket.NotMatched.selector);
        market.settleSequence(proof, made.claim, order);

        order.entries[1].counterSignature = "";
        vm.prank(matcher);
        market.settleSequence(proof, made.claim, order);
    }

    /// The same signature in its other forms.
    function test_MalformedSignaturesAreRefused() public {
        Finished memory made = alone(1, 1);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        bytes32 id = market.requestId(order.request);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf[requester], id);
        uint256 curve = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes[3] memory malformed = [
            abi.encodePacked(r, curve - uint256(s), v == 27 ? uint8(28) : uint8(27)),
            abi.encodePacked(r, s),
            abi.encodePacked(r, s, v, v)
        ];
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        for (uint256 i = 0; i < 3; i++) {
            order.signature = malformed[i];
            vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidSignature.selector, id, requester));
            market.settleSequence(proof, made.claim, order);
        }
        order.signature = sign(requester, id);
        order.entries[0].signature = "";
        vm.expectPartialRevert(IMarket.InvalidCommitment.selector);
        market.settleSequence(proof, made.claim, order);
    }

    function test_AHotKeySigns() public {
        address hotKey = withKey("hot key");
        for (uint256 i = 0; i < provers.length; i++) {
            vm.prank(provers[i]);
            staking.register(0, hotKey);
        }
        Finished memory made = alone(1, 2);
        Request memory request = requestFor(made, requester);
        for (uint256 i = 0; i < provers.length; i++) {
            keyOf[provers[i]] = keyOf[hotKey];
        }
        Order memory order = orderFor(request, made, 0);
        settleAlone(made, order);
        vm.assertTrue(market.isNonceUsed(requester, request.nonce));
    }

    function test_AContractsSignatureCounts() public {
        MockWallet wallet = new MockWallet();
        fundAccount(address(wallet));
        Finished memory made = alone(1, 2);
        Request memory request = requestFor(made, address(wallet));
        Order memory order = orderFor(request, made, 0);
        bytes32 id = market.requestId(request);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidSignature.selector, id, address(wallet)));
        market.settleSequence(proof, made.claim, order);
        wallet.sign(id, true);
        market.settleSequence(proof, made.claim, order);
        vm.assertLe(balanceWei(address(wallet)), FUNDS - 1);
    }

    /// A wallet that takes its word back, or burns gas, does not undo the others.
    function test_AHostileWalletIsSkipped() public {
        Aggregated memory made = Scenario.aggregated(1, 3, provers);
        Order[] memory orders = ordersFor(made, requester);
        address burning = address(new BurningWallet());
        fundAccount(burning);
        orders[1] = orderFor(requestFor(made.parts[1], burning), made.parts[1], 1);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        skipped(orders[1].request, IMarket.InvalidSignature.selector);
        market.settle{gas: 3_000_000}(proof, made.root, made.hashes, orders);
        vm.assertTrue(market.isNonceUsed(requester, orders[2].request.nonce));
        vm.assertEq(balanceWei(burning), FUNDS);
    }

    // Terms

    function test_CollateralBelowTheAskedIsRefused() public {
        Finished memory made = alone(1, 1);
        Request memory request = requestFor(made, requester);
        request.collateralWei = COLLATERAL + 1;
        Order memory order = orderFor(request, made, 0);
        bytes32 id = market.requestId(request);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(
            abi.encodeWithSelector(IMarket.CollateralTooLow.selector, id, COLLATERAL, COLLATERAL + 1)
        );
        market.settleSequence(proof, made.claim, order);
    }

    function test_OnlyAllowedProversArePaid() public {
        Finished memory made = alone(1, 1);
        address prover = made.payouts.paths[0].entry.prover;
        Request memory request = requestFor(made, requester);
        address[] memory allowed = new address[](2);
        (allowed[0], allowed[1]) = (stranger, prover);
        request.allowedProvers = keccak256(abi.encode(allowed));
        Order memory order = orderFor(request, made, 0);
        bytes32 id = market.requestId(request);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);

        vm.expectRevert(abi.encodeWithSelector(IMarket.ForeignAllowList.selector, id));
        market.settleSequence(proof, made.claim, order);

        address[] memory others = new address[](1);
        others[0] = stranger;
        request.allowedProvers = keccak256(abi.encode(others));
        Order memory refused = orderFor(request, made, 0);
        refused.allowed = others;
        id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotAllowed.selector, id, prover));
        market.settleSequence(proof, made.claim, refused);

        request.allowedProvers = keccak256(abi.encode(allowed));
        order = orderFor(request, made, 0);
        order.allowed = allowed;
        market.settleSequence(proof, made.claim, order);
    }

    function test_AnEmptyAccountIsSkippedAndPaidLater() public {
        address poor = withKey("poor");
        Aggregated memory made = Scenario.aggregated(1, 2, provers);
        Order[] memory orders = new Order[](2);
        orders[0] = orderFor(requestFor(made.parts[0], poor), made.parts[0], 0);
        orders[1] = orderFor(requestFor(made.parts[1], requester), made.parts[1], 1);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        skipped(orders[0].request, IMarket.BalanceTooLow.selector);
        market.settle(proof, made.root, made.hashes, orders);
        vm.assertFalse(market.isNonceUsed(poor, 0));

        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 0);
        orders[0].place = index;
        vm.expectPartialRevert(IMarket.BalanceTooLow.selector);
        market.settleRecorded(orders[0], siblings);
        fundAccount(poor);
        market.settleRecorded(orders[0], siblings);
        vm.assertTrue(market.isNonceUsed(poor, 0));
    }

    function test_WorkThatNoProofHasIsRefused() public {
        Finished memory made = alone(1, 1);
        made.claim.work = uint256(type(uint128).max) + 1;
        Scenario.seal(made);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.WorkTooLarge.selector, made.claim.work));
        market.settleSequence(proof, made.claim, order);
    }

    function test_AClaimWithoutWorkCostsNothing() public {
        Finished memory made = alone(1, 1);
        made.payouts.paths[0].entry.work = 0;
        made.payouts = Trees.single(made.payouts.paths[0].entry);
        made.claim.work = 0;
        Scenario.seal(made);
        settleAlone(made, orderFor(requestFor(made, requester), made, 0));
        vm.assertEq(balanceWei(requester), FUNDS);
    }

    // Entries

    function testFuzz_AForgedEntryIsRefused(uint256 seed, uint256 field) public {
        Finished memory made = alone(seed, 3);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        PayoutPath memory path = order.entries[0].path;
        field = bound(field, 0, 2);
        if (field == 0) path.entry.prover = stranger;
        if (field == 1) path.entry.work++;
        if (field == 2) path.entry.job = ~path.entry.job;
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectPartialRevert(IMarket.EntryNotInClaim.selector);
        market.settleSequence(proof, made.claim, order);
    }

    function testFuzz_AnEntryTwiceIsRefused(uint256 seed, uint256 pick) public {
        Finished memory made = alone(seed, 3);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        pick = bound(pick, 1, order.entries.length - 1);
        order.entries[pick] = order.entries[pick - 1];
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectPartialRevert(IMarket.EntriesNotAscending.selector);
        market.settleSequence(proof, made.claim, order);
    }

    /// A proof that says nonsense about its own work takes no more than was signed for its claim.
    function test_EntriesWithMoreWorkThanTheClaimAreRefused() public {
        Finished memory made = alone(1, 3);
        made.claim.work = made.payouts.paths[0].entry.work;
        Scenario.seal(made);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectPartialRevert(IMarket.TooMuchWork.selector);
        market.settleSequence(proof, made.claim, order);
    }

    // Entries that were left out

    function some(Order memory order, uint256 from, uint256 to) internal pure returns (Order memory part) {
        PricedEntry[] memory entries = new PricedEntry[](to - from);
        for (uint256 i = from; i < to; i++) {
            entries[i - from] = order.entries[i];
        }
        part = Order(
            order.request,
            order.signature,
            order.place,
            order.post,
            order.work,
            order.payouts,
            order.allowed,
            entries
        );
    }

    /// Who leaves a prover's entry out does not keep its money from it, and does not change what anybody pays.
    function testFuzz_AnEntryLeftOutIsPaidLater(uint256 seed, uint256 cut) public {
        Finished memory made = alone(seed, 4);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        cut = bound(cut, 0, order.entries.length - 1);
        settleAlone(made, some(order, 0, cut));
        bytes32 id = market.requestId(order.request);
        Held memory held = market.heldOf(id);
        vm.assertGt(held.amountWei, 0);

        vm.prank(stranger);
        market.claim(some(order, cut, order.entries.length));
        vm.expectPartialRevert(IMarket.EntryAlreadyPaid.selector);
        market.claim(some(order, cut, cut + 1));

        vm.expectRevert(abi.encodeWithSelector(IMarket.StillHeld.selector, held.closesAt));
        market.returnHeld(order.request);
        vm.warp(held.closesAt);
        market.returnHeld(order.request);
        uint256 priceWei = 0;
        for (uint256 i = 0; i < order.entries.length; i++) {
            priceWei += order.entries[i].path.entry.work * PRICE / 1_000_000;
        }
        vm.assertEq(FUNDS - balanceWei(requester), priceWei);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NothingHeld.selector, id));
        market.returnHeld(order.request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.NothingHeld.selector, id));
        market.claim(order);
    }

    function test_AnotherClaimDoesNotGetWhatIsHeld() public {
        Finished memory made = alone(1, 4);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        settleAlone(made, some(order, 0, 2));
        Order memory other = some(order, 2, 4);
        other.post = ~other.post;
        vm.expectPartialRevert(IMarket.ForeignClaim.selector);
        market.claim(other);
        vm.expectPartialRevert(IMarket.EntryAlreadyPaid.selector);
        market.claim(some(order, 0, 1));
    }

    // Lateness

    function testFuzz_ALateProofEarnsLessAndPaysBySecond(uint256 seed, uint256 late) public {
        late = bound(late, 1, 1 days);
        Finished memory made = alone(seed, 1);
        Request memory request = requestFor(made, requester);
        Order memory order = orderFor(request, made, 0);
        vm.warp(request.proofDeadline + late);
        settleAlone(made, order);
        address prover = order.entries[0].path.entry.prover;
        uint256 fullWei = made.claim.work * PRICE / 1_000_000;
        uint256 leftBps = late >= 1 hours ? 2_000 : 10_000 - (8_000 * late + 3_599) / 3_600;
        uint256 feeWei = FUNDS + uint256(COLLATERAL) * late / 1 days - balanceWei(requester);
        vm.assertLe(fullWei * leftBps / 10_000, feeWei, "at least the floor of the line");
        vm.assertLe(feeWei, fullWei * (leftBps + 1) / 10_000 + 1);
        vm.assertEq(FUNDS - balanceWei(prover), uint256(COLLATERAL) * late / 1 days, "by the second");
        vm.assertEq(market.earnedWei(prover), netWei(feeWei));
    }

    function test_ARescuerIsPaidInFull() public {
        Finished memory made = alone(1, 1);
        Request memory request = requestFor(made, requester);
        Commitment memory commitment = commitmentFor(request, made.payouts.paths[0].entry);
        commitment.rank = 1;
        PricedEntry[] memory entries = new PricedEntry[](1);
        entries[0] = priced(request, made.payouts.paths[0], commitment);
        vm.warp(request.proofDeadline + 2 hours);
        settleAlone(made, orderWith(request, made, 0, entries));
        vm.assertEq(balanceWei(commitment.prover), FUNDS);
        vm.assertEq(market.earnedWei(commitment.prover), netWei(made.claim.work * PRICE / 1_000_000));
    }

    /// Nobody ranks provers there, so nobody is a runner-up.
    function test_WithoutAMatcherEverybodyIsTheWinner() public {
        Finished memory made = alone(1, 1);
        Request memory request = requestFor(made, requester);
        request.matcher = address(0);
        Commitment memory commitment = commitmentFor(request, made.payouts.paths[0].entry);
        commitment.rank = 1;
        PricedEntry[] memory entries = new PricedEntry[](1);
        entries[0] = priced(request, made.payouts.paths[0], commitment);
        vm.warp(request.proofDeadline + 12 hours);
        settleAlone(made, orderWith(request, made, 0, entries));
        vm.assertEq(FUNDS - balanceWei(commitment.prover), COLLATERAL / 2);
    }

    function test_AnExpiredRequestIsNotPaid() public {
        Finished memory made = alone(1, 1);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        bytes32 id = market.requestId(order.request);
        uint256 expiresAt = order.request.proofDeadline + 1 days;
        vm.warp(expiresAt + 1);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(abi.encodeWithSelector(IMarket.Expired.selector, id, expiresAt));
        market.settleSequence(proof, made.claim, order);
    }

    function test_AnExpiredOrderInASettlementOfManyIsSkipped() public {
        Aggregated memory made = Scenario.aggregated(1, 2, provers);
        Order[] memory orders = ordersFor(made, requester);
        Request memory request = orders[0].request;
        request.proofDeadline = uint40(block.timestamp - 1 days - 1);
        orders[0] = orderFor(request, made.parts[0], 0);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        skipped(request, IMarket.Expired.selector);
        market.settle(proof, made.root, made.hashes, orders);
        vm.assertFalse(market.isNonceUsed(requester, request.nonce));
        vm.assertTrue(market.isNonceUsed(requester, orders[1].request.nonce));
    }

    /// Leaving entries out of a late order changes nothing for anybody either.
    function testFuzz_ALateEntryLeftOutIsLateToo(uint256 seed, uint256 late) public {
        late = bound(late, 1, 1 days);
        Finished memory made = alone(seed, 2);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        vm.warp(order.request.proofDeadline + late);
        settleAlone(made, some(order, 0, 1));
        vm.warp(block.timestamp + CLAIM_WINDOW - 1);
        market.claim(some(order, 1, order.entries.length));
        vm.warp(block.timestamp + 1);
        market.returnHeld(order.request);
        uint256 owedWei = uint256(COLLATERAL) * late / 1 days * order.entries.length;
        uint256 leftWei = balanceWei(requester);
        for (uint256 i = 0; i < provers.length; i++) {
            leftWei += balanceWei(provers[i]) + market.earnedWei(provers[i]);
        }
        leftWei += market.earnedWei(treasury) + market.earnedWei(insurer);
        vm.assertEq(leftWei, 4 * FUNDS);
        uint256 fullWei = made.claim.work * PRICE / 1_000_000;
        vm.assertLe(FUNDS + owedWei - fullWei, balanceWei(requester));
        vm.assertLe(balanceWei(requester), FUNDS + owedWei - fullWei / 5 + order.entries.length);
    }

    /// What counts is when the proof was recorded, not when somebody got around to paying for it.
    function test_ATimelyProofIsPaidInFullWheneverItIsPaid() public {
        Finished memory made = alone(1, 1);
        Order memory order = orderFor(requestFor(made, requester), made, 0);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        vm.warp(order.request.proofDeadline + 30 days);
        market.settleRecorded(order, new bytes32[](0));
        vm.assertEq(FUNDS - balanceWei(requester), made.claim.work * PRICE / 1_000_000);
    }

    // Deployment

    function test_AConfigurationThatTakesTooMuchIsRefused() public {
        MarketConfig memory config = configOf(token);
        config.protocolFeeBps = 1_001;
        vm.expectRevert(IMarket.InvalidConfig.selector);
        Deploy.market(config);
        config = configOf(token);
        config.insurer = address(0);
        vm.expectRevert(IMarket.InvalidConfig.selector);
        Deploy.market(config);
        config = configOf(token);
        config.postedRise = 0;
        vm.expectRevert(IMarket.InvalidConfig.selector);
        Deploy.market(config);
    }
}
