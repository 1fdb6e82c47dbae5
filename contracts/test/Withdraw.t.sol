// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BloatingProver, BurningProver, ReentrantProver, RefusingProver} from "./mocks/Provers.sol";
import {Aggregated, Finished, Scenario} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {bound, makeAddress, vm} from "./utils/Test.sol";
import {PayoutTree} from "./utils/Trees.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";
import {PayoutPath, Payouts} from "src/libraries/Payouts.sol";

/// Withdrawing: each entry its share, to the prover it names, once.
contract WithdrawTest is SettlementFixture {
    function opened(uint256 seed, uint256 segments) internal returns (Finished memory made) {
        made = settledAlone(seed, bound(segments, 2, 6));
        openAs(tenant, made);
    }

    function collectedWei(Finished memory made) internal view returns (uint256) {
        return settlement.openingOf(tenant, made.hash).collectedWei;
    }

    function shareWei(Finished memory made, PayoutPath memory path) internal view returns (uint256) {
        return collectedWei(made) * path.entry.work / made.claim.work;
    }

    function testFuzz_EveryEntryIsPaidItsShare(uint256 seed, uint256 segments) public {
        Finished memory made = opened(seed, segments);
        uint256[3] memory expectedWei;
        uint256 totalWei = 0;
        for (uint256 i = 0; i < made.payouts.paths.length; i++) {
            PayoutPath memory path = made.payouts.paths[i];
            for (uint256 p = 0; p < 3; p++) {
                if (path.entry.prover == provers[p]) expectedWei[p] += shareWei(made, path);
            }
            totalWei += shareWei(made, path);
        }
        vm.prank(stranger);
        vm.assertEq(withdraw(made, made.payouts.paths), totalWei);
        for (uint256 p = 0; p < 3; p++) {
            vm.assertEq(provers[p].balance, expectedWei[p]);
        }
        vm.assertEq(settlement.openingOf(tenant, made.hash).paidWei, totalWei);
        vm.assertLe(collectedWei(made) - totalWei, made.payouts.paths.length, "only the rounding stays");
        vm.assertEq(stranger.balance, 0);
    }

    function testFuzz_OneByOneIsTheSameAsTogether(uint256 seed, uint256 segments) public {
        Finished memory made = opened(seed, segments);
        for (uint256 i = 0; i < made.payouts.paths.length; i++) {
            PayoutPath memory path = made.payouts.paths[i];
            uint256 before = path.entry.prover.balance;
            vm.expectEmit();
            emit ISettlement.Paid(made.hash, path.entry.prover, path.entry.job, shareWei(made, path));
            withdraw(made, only(path));
            vm.assertEq(path.entry.prover.balance - before, shareWei(made, path));
        }
    }

    function testFuzz_AReplayIsRefused(uint256 seed, uint256 segments, uint256 pick) public {
        Finished memory made = opened(seed, segments);
        PayoutPath memory path = made.payouts.paths[bound(pick, 0, made.payouts.paths.length - 1)];
        withdraw(made, only(path));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingDue.selector, made.hash));
        withdraw(made, only(path));
    }

    function testFuzz_AReplayInOneCallIsPaidOnce(uint256 seed, uint256 segments, uint256 pick) public {
        Finished memory made = opened(seed, segments);
        PayoutPath memory path = made.payouts.paths[bound(pick, 0, made.payouts.paths.length - 1)];
        PayoutPath[] memory twice = new PayoutPath[](2);
        (twice[0], twice[1]) = (path, path);
        vm.assertEq(withdraw(made, twice), shareWei(made, path));
        vm.assertEq(path.entry.prover.balance, shareWei(made, path));
    }

    /// Somebody who withdraws one entry first does not undo a list that has it.
    function test_PaidEntriesArePassedOver() public {
        Finished memory made = opened(1, 4);
        uint256 firstWei = withdraw(made, only(made.payouts.paths[2]));
        uint256 restWei = withdraw(made, made.payouts.paths);
        vm.assertLe(collectedWei(made) - firstWei - restWei, made.payouts.paths.length);
        vm.assertEq(settlement.openingOf(tenant, made.hash).paidWei, firstWei + restWei);
    }

    function test_NoEntriesAreRefused() public {
        Finished memory made = opened(1, 2);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingDue.selector, made.hash));
        withdraw(made, new PayoutPath[](0));
    }

    function testFuzz_AForgedEntryIsRefused(uint256 seed, uint256 field) public {
        Finished memory made = opened(seed, 3);
        PayoutPath memory path = made.payouts.paths[0];
        field = bound(field, 0, 2);
        if (field == 0) path.entry.prover = stranger;
        if (field == 1) path.entry.work++;
        if (field == 2) path.entry.job = ~path.entry.job;
        vm.expectPartialRevert(ISettlement.EntryNotInPool.selector);
        withdraw(made, only(path));
    }

    function test_AWrongPositionIsRefused() public {
        Finished memory made = opened(1, 3);
        PayoutPath memory path = made.payouts.paths[0];
        path.position ^= 3;
        vm.expectPartialRevert(ISettlement.EntryNotInPool.selector);
        withdraw(made, only(path));
    }

    /// A second position of a paid entry would be a second payment.
    function test_AnAliasOfThePositionIsRefused() public {
        Finished memory made = opened(1, 3);
        PayoutPath memory path = made.payouts.paths[0];
        withdraw(made, only(path));
        path.position |= 1 << (2 * path.siblings.length);
        vm.expectRevert(
            abi.encodeWithSelector(Payouts.InvalidPosition.selector, path.position, path.siblings.length)
        );
        withdraw(made, only(path));
    }

    function test_AnEntryOfAnotherClaimIsRefused() public {
        Finished memory made = opened(1, 2);
        Finished memory other = opened(2, 2);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.EntryNotInPool.selector, made.payouts.root, other.payouts.root)
        );
        withdraw(made, other.payouts.paths);
    }

    function test_AnUnopenedClaimIsRefused() public {
        Finished memory made = settledAlone(1, 2);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotOpened.selector, tenant, made.hash));
        withdraw(made, made.payouts.paths);
    }

    /// Less work in the pool would be a larger share: the claim hash binds it.
    function testFuzz_AChangedPoolIsRefused(uint256 seed, uint256 work) public {
        Finished memory made = opened(seed, 2);
        vm.assume(work != made.claim.work);
        vm.expectPartialRevert(ISettlement.NotOpened.selector);
        settlement.withdraw(tenant, made.job, work, made.claim.payouts, made.payouts.paths);
    }

    function test_AClaimWithoutWorkPaysNothing() public {
        Finished memory made = Scenario.finished(1, 1, provers);
        made.claim.work = 0;
        Scenario.seal(made);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        openAs(tenant, made);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingDue.selector, made.hash));
        withdraw(made, made.payouts.paths);
    }

    // Entries of parallel merges

    function testFuzz_SharedEntriesGrowWithTheOpenings(uint256 seed, uint256 count) public {
        Aggregated memory made = settled(seed, bound(count, 2, 8));
        uint256 merges = made.shared.paths.length;
        for (uint256 i = 0; i < made.parts.length; i++) {
            openAs(tenant, made, i);
            settlement.withdrawShared(made.root.claims, only(made.shared.paths[0]));
            uint256 collected = settlement.aggregateOf(made.root.claims).collectedWei;
            vm.assertEq(settlement.aggregateOf(made.root.claims).paidWei, collected / merges);
        }
        uint256 collectedAll = settlement.aggregateOf(made.root.claims).collectedWei;
        if (merges > 1) settlement.withdrawShared(made.root.claims, made.shared.paths);
        vm.assertEq(settlement.aggregateOf(made.root.claims).paidWei, collectedAll / merges * merges);
    }

    function test_SharedEntriesHaveNothingComingBeforeAnOpening() public {
        Aggregated memory made = settled(1, 4);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingDue.selector, made.root.claims));
        settlement.withdrawShared(made.root.claims, made.shared.paths);
    }

    function test_ASharedReplayIsRefused() public {
        Aggregated memory made = settled(1, 4);
        openAs(tenant, made, 0);
        settlement.withdrawShared(made.root.claims, made.shared.paths);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingDue.selector, made.root.claims));
        settlement.withdrawShared(made.root.claims, made.shared.paths);
    }

    function test_AnUnrecordedRootHasNoSharedEntries() public {
        Aggregated memory made = Scenario.aggregated(1, 4, provers);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NotRecorded.selector, made.root.claims));
        settlement.withdrawShared(made.root.claims, made.shared.paths);
    }

    function test_ClaimsEntriesAreNotPaidFromTheSharedPool() public {
        Aggregated memory made = settled(1, 2);
        openAs(tenant, made, 0);
        PayoutTree memory own = made.parts[0].payouts;
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.EntryNotInPool.selector, made.shared.root, own.root)
        );
        settlement.withdrawShared(made.root.claims, own.paths);
    }

    // Hostile recipients

    /// A claim whose first prover is `hostile` and whose other entries are an honest prover's.
    function openedWith(address hostile) internal returns (Finished memory made, address honest) {
        honest = makeAddress("honest");
        address[] memory both = new address[](2);
        (both[0], both[1]) = (hostile, honest);
        for (uint256 seed = 0;; seed++) {
            made = Scenario.finished(seed, 2, both);
            PayoutPath[] memory paths = made.payouts.paths;
            if (paths[0].entry.prover == hostile && paths[1].entry.prover == honest) break;
        }
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        openAs(tenant, made);
    }

    function assertOthersArePaid(address hostile) internal returns (uint256 owedWei) {
        (Finished memory made, address honest) = openedWith(hostile);
        uint256 totalWei = withdraw(made, made.payouts.paths);
        owedWei = settlement.creditWei(hostile);
        vm.assertGt(owedWei, 0);
        vm.assertGt(honest.balance, 0);
        vm.assertEq(owedWei + honest.balance, totalWei);
    }

    function test_AProverThatRefusesIsCreditedAndNamesAnother() public {
        RefusingProver prover = new RefusingProver();
        uint256 owedWei = assertOthersArePaid(address(prover));

        vm.expectRevert(abi.encodeWithSelector(ISettlement.TransferFailed.selector, address(prover)));
        prover.collectCredit(settlement, address(prover));

        address heir = makeAddress("heir");
        prover.collectCredit(settlement, heir);
        vm.assertEq(heir.balance, owedWei);
        vm.assertEq(settlement.creditWei(address(prover)), 0);

        vm.expectRevert(ISettlement.ZeroAmount.selector);
        prover.collectCredit(settlement, heir);
    }

    function test_AProverThatBurnsGasIsCredited() public {
        uint256 gasBefore = gasleft();
        assertOthersArePaid(address(new BurningProver()));
        vm.assertLe(gasBefore - gasleft(), 3_000_000);
    }

    function test_AProverThatReturnsAMegabyteIsCredited() public {
        assertOthersArePaid(address(new BloatingProver()));
    }

    function test_AReentrantProverIsPaidOnce() public {
        ReentrantProver prover = new ReentrantProver();
        (Finished memory made,) = openedWith(address(prover));
        PayoutPath[] memory first = only(made.payouts.paths[0]);
        prover.arm(
            address(settlement),
            abi.encodeCall(
                settlement.withdraw, (tenant, made.job, made.claim.work, made.claim.payouts, first)
            )
        );
        withdraw(made, first);
        uint256 dueWei = shareWei(made, first[0]);
        vm.assertEq(address(prover).balance + settlement.creditWei(address(prover)), dueWei);
        vm.assertEq(settlement.openingOf(tenant, made.hash).paidWei, dueWei);
        vm.assertEq(prover.successes(), 0);
    }

    /// Credit is sent with all gas, so a prover can call back: it finds nothing credited.
    function test_AReentrantProverCollectsOnce() public {
        ReentrantProver prover = new ReentrantProver();
        (Finished memory made,) = openedWith(address(prover));
        uint256 dueWei = shareWei(made, made.payouts.paths[0]);
        withdraw(made, made.payouts.paths);
        vm.assertEq(settlement.creditWei(address(prover)), dueWei);

        bytes memory collect = abi.encodeCall(settlement.collectCredit, (address(prover)));
        prover.arm(address(settlement), collect);
        prover.execute(collect);
        vm.assertEq(prover.calls(), 1);
        vm.assertEq(prover.successes(), 0);
        vm.assertEq(address(prover).balance, dueWei);
        vm.assertEq(settlement.creditWei(address(prover)), 0);
    }
}
