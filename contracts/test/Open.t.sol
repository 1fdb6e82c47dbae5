// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TablePricing} from "./mocks/Pricings.sol";
import {Deploy} from "./utils/Deploy.sol";
import {Aggregated, Finished, Scenario} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {bound, makeAddress, vm} from "./utils/Test.sol";
import {Trees} from "./utils/Trees.sol";
import {Settlement} from "src/Settlement.sol";
import {ISettlement, OpeningView} from "src/interfaces/ISettlement.sol";
import {Claims} from "src/libraries/Claims.sol";

/// Opening: who pays how much for what, and what cannot be opened.
contract OpenTest is SettlementFixture {
    function balanceWei(address account) internal view returns (uint256) {
        return settlement.depositOf(account).balanceWei;
    }

    function testFuzz_OpenChargesOwnAndSharedWork(uint256 seed, uint256 count, uint256 place) public {
        Aggregated memory made = settled(seed, bound(count, 2, 32));
        count = made.parts.length;
        place = bound(place, 0, count - 1);
        Finished memory part = made.parts[place];
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);

        uint256 sharedWork = ((count - 1) * settlement.MERGE_WORK() + count - 1) / count;
        uint256 totalWei = priceWei(part.claim.work + sharedWork);
        uint256 sharedWei = totalWei * sharedWork / (part.claim.work + sharedWork);

        vm.expectEmit();
        emit ISettlement.Opened(tenant, part.hash, made.root.claims, totalWei - sharedWei, sharedWei);
        vm.prank(tenant);
        vm.assertEq(settlement.open(part.claim, index, siblings), part.hash);

        OpeningView memory opening = settlement.openingOf(tenant, part.hash);
        vm.assertTrue(opening.opened);
        vm.assertEq(opening.collectedWei, totalWei - sharedWei);
        vm.assertEq(settlement.aggregateOf(made.root.claims).collectedWei, sharedWei);
        vm.assertEq(balanceWei(tenant), DEPOSIT_WEI - totalWei);
    }

    function testFuzz_AClaimAloneSharesNothing(uint256 seed, uint256 segments) public {
        Finished memory made = settledAlone(seed, bound(segments, 2, 8));
        openAs(tenant, made);
        vm.assertEq(settlement.openingOf(tenant, made.hash).collectedWei, priceWei(made.claim.work));
        vm.assertEq(settlement.aggregateOf(made.hash).collectedWei, 0);
        vm.assertEq(balanceWei(tenant), DEPOSIT_WEI - priceWei(made.claim.work));
    }

    function testFuzz_ASecondOpeningIsRefused(uint256 seed, uint256 count, uint256 place) public {
        Aggregated memory made = settled(seed, bound(count, 2, 32));
        place = bound(place, 0, made.parts.length - 1);
        openAs(tenant, made, place);
        uint256 before = balanceWei(tenant);

        Finished memory part = made.parts[place];
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyOpened.selector, tenant, part.hash));
        settlement.open(part.claim, index, siblings);
        vm.assertEq(balanceWei(tenant), before);
    }

    /// The same claim in another tree is still the same claim.
    function test_ASecondOpeningThroughAnotherTreeIsRefused() public {
        Finished[] memory parts = new Finished[](2);
        parts[0] = settledAlone(1, 2);
        openAs(tenant, parts[0]);
        parts[1] = Scenario.finished(2, 1, provers);
        Aggregated memory made = Scenario.aggregated(3, parts, provers);
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);

        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 0);
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyOpened.selector, tenant, parts[0].hash));
        settlement.open(parts[0].claim, index, siblings);
    }

    /// Otherwise anyone could stop a rollup for the price of its claim.
    function testFuzz_AStrangersOpeningChangesNothingForTheTenant(uint256 seed) public {
        Finished memory made = settledAlone(seed, 2);
        fund(stranger);
        openAs(stranger, made);
        vm.assertEq(balanceWei(tenant), DEPOSIT_WEI);
        vm.assertFalse(settlement.openingOf(tenant, made.hash).opened);

        openAs(tenant, made);
        vm.assertEq(balanceWei(tenant), DEPOSIT_WEI - priceWei(made.claim.work));
        vm.assertEq(balanceWei(stranger), DEPOSIT_WEI - priceWei(made.claim.work));
    }

    function testFuzz_AnUnrecordedClaimIsRefused(uint256 seed, uint256 count) public {
        Aggregated memory made = Scenario.aggregated(seed, bound(count, 2, 8), provers);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 0);
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotRecorded.selector, made.root.claims));
        settlement.open(made.parts[0].claim, index, siblings);
    }

    /// Every field of a claim is bound by the path.
    function testFuzz_AChangedClaimIsRefused(uint256 seed, uint256 field) public {
        Aggregated memory made = settled(seed, 3);
        Finished memory part = made.parts[1];
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 1);
        field = bound(field, 0, 5);
        if (field == 0) part.claim.program = ~part.claim.program;
        if (field == 1) part.claim.pre = ~part.claim.pre;
        if (field == 2) part.claim.post = ~part.claim.post;
        if (field == 3) part.claim.data = ~part.claim.data;
        if (field == 4) part.claim.work--;
        if (field == 5) part.claim.payouts = ~part.claim.payouts;
        vm.prank(tenant);
        vm.expectPartialRevert(ISettlement.NotRecorded.selector);
        settlement.open(part.claim, index, siblings);
    }

    function testFuzz_APathWithSwappedChildrenIsRefused(uint256 seed, uint256 count, uint256 level) public {
        Aggregated memory made = settled(seed, bound(count, 2, 32));
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 0);
        index ^= 1 << bound(level, 0, siblings.length - 1);
        vm.prank(tenant);
        vm.expectPartialRevert(ISettlement.NotRecorded.selector);
        settlement.open(made.parts[0].claim, index, siblings);
    }

    function test_AnAliasOfTheIndexIsRefused() public {
        Aggregated memory made = settled(1, 4);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 1);
        index |= 1 << siblings.length;
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(Claims.IndexOutsideTree.selector, index, siblings.length));
        settlement.open(made.parts[1].claim, index, siblings);
    }

    function testFuzz_ADepositTooSmallIsRefused(uint256 seed, uint256 depositWei) public {
        Finished memory made = settledAlone(seed, 2);
        uint256 neededWei = priceWei(made.claim.work);
        depositWei = bound(depositWei, 1, neededWei - 1);
        address poor = makeAddress("poor");
        vm.deal(address(this), depositWei);
        settlement.deposit{value: depositWei}(poor);

        vm.prank(poor);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.InsufficientDeposit.selector, poor, depositWei, neededWei)
        );
        settlement.open(made.claim, 0, new bytes32[](0));
    }

    function testFuzz_APriceOfItsOwnForEachTenantAndProgram(
        uint256 seed,
        uint256 tenantPrice,
        uint256 strangerPrice
    ) public {
        TablePricing pricing = new TablePricing();
        settlement = Deploy.settlement(Deploy.mockVerifier(), MERGE_KEY, pricing);
        Finished memory made = settledAlone(seed, 2);
        tenantPrice = bound(tenantPrice, 0, 1e9);
        strangerPrice = bound(strangerPrice, 0, 1e9);
        pricing.set(tenant, made.claim.program, tenantPrice);
        pricing.set(stranger, made.claim.program, strangerPrice);
        fund(tenant);
        fund(stranger);
        openAs(tenant, made);
        openAs(stranger, made);
        vm.assertEq(balanceWei(tenant), DEPOSIT_WEI - tenantPrice * made.claim.work);
        vm.assertEq(balanceWei(stranger), DEPOSIT_WEI - strangerPrice * made.claim.work);
    }

    /// A claim that costs nothing is opened once all the same.
    function test_AFreeClaimIsOpenedOnce() public {
        settlement = Deploy.settlement(Deploy.mockVerifier(), MERGE_KEY, Deploy.fixedPricing(0));
        Finished memory made = Scenario.finished(1, 1, provers);
        made.claim.work = 0;
        Scenario.seal(made);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        openAs(tenant, made);
        vm.prank(tenant);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.AlreadyOpened.selector, tenant, made.hash));
        settlement.open(made.claim, 0, new bytes32[](0));
    }

    function testFuzz_FixedPriceIsRoundedUp(uint128 work, uint64 weiPerMegagate) public {
        uint256 exact = uint256(work) * weiPerMegagate;
        uint256 price = Deploy.fixedPricing(weiPerMegagate).priceWei(tenant, 0, work);
        vm.assertTrue(price * 1_000_000 >= exact && price * 1_000_000 < exact + 1_000_000);
    }
}
