// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccounts} from "src/market/interfaces/IAccounts.sol";
import {CommitmentState, Evidence, IDefaults} from "src/market/interfaces/IDefaults.sol";
import {IMarket} from "src/market/interfaces/IMarket.sol";
import {Commitment, SignedCommitment} from "src/market/libraries/Commitments.sol";
import {Penalties} from "src/market/libraries/Penalties.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {Finished, Scenario} from "test/utils/Scenario.sol";
import {bound, vm} from "test/utils/Test.sol";

/// Commitments that were broken, released, or cleared by a proof.
contract DefaultsTest is MarketFixture {
    address internal winner;
    address internal runnerUp;

    struct Case {
        Finished made;
        Request request;
        SignedCommitment broken;
        SignedCommitment rescue;
        Evidence evidence;
    }

    function setUp() public override {
        super.setUp();
        winner = provers[0];
        runnerUp = provers[1];
    }

    function onlyBy(address prover) internal pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = prover;
    }

    function evidenceOf(Finished memory made) internal pure returns (Evidence memory) {
        return Evidence(made.claim, 0, new bytes32[](0), made.payouts.paths[0]);
    }

    /// The winner committed, the runner-up proved.
    function rescued(uint256 seed) internal returns (Case memory c) {
        c.made = Scenario.finished(seed, 1, onlyBy(runnerUp));
        c.request = requestFor(c.made, requester);
        Commitment memory second = commitmentFor(c.request, c.made.payouts.paths[0].entry);
        Commitment memory first = commitmentFor(c.request, c.made.payouts.paths[0].entry);
        first.prover = winner;
        second.rank = 1;
        c.broken = signed(c.request, first);
        c.rescue = signed(c.request, second);
        c.evidence = evidenceOf(c.made);
    }

    function record(Finished memory made) internal {
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
    }

    /// Settled late enough to be a default, and shown late enough.
    function ripe(uint256 seed) internal returns (Case memory c) {
        c = rescued(seed);
        vm.warp(c.broken.commitment.deadline + 1);
        record(c.made);
        vm.warp(c.broken.commitment.deadline + 2 * DEFENCE_WINDOW + 1);
    }

    function accuse(Case memory c) internal {
        vm.prank(stranger);
        defaults.accuse(c.request, c.broken, c.rescue, c.evidence);
    }

    /// Accuses, waits, and convicts.
    function show(Case memory c) internal {
        accuse(c);
        vm.warp(block.timestamp + DEFENCE_WINDOW + 1);
        vm.prank(stranger);
        defaults.convict(c.request, c.broken.commitment);
    }

    function stateOf(Case memory c) internal view returns (uint256) {
        return uint256(defaults.stateOf(market.commitmentId(c.broken.commitment)));
    }

    // Defaults

    function testFuzz_CollateralIsSplit(uint256 seed, uint96 collateralWei) public {
        Case memory c = rescued(seed);
        c.broken.commitment.collateralWei = uint96(bound(collateralWei, 0, FUNDS));
        c.broken = signed(c.request, c.broken.commitment);
        vm.warp(c.broken.commitment.deadline + 1);
        record(c.made);
        vm.warp(c.broken.commitment.deadline + 2 * DEFENCE_WINDOW + 1);
        show(c);
        uint256 lostWei = c.broken.commitment.collateralWei;
        vm.assertEq(balanceWei(winner), FUNDS - lostWei);
        vm.assertEq(balanceWei(requester), FUNDS + lostWei / 2);
        vm.assertEq(balanceWei(runnerUp), FUNDS + lostWei * 3 / 10);
        vm.assertEq(balanceWei(insurer), lostWei - lostWei / 2 - lostWei * 3 / 10);
        vm.assertEq(balanceWei(stranger), 0);
        vm.assertEq(stateOf(c), uint256(CommitmentState.Defaulted));
    }

    function test_ADefaultIsShownOnce() public {
        Case memory c = ripe(1);
        show(c);
        bytes32 id = market.commitmentId(c.broken.commitment);
        bytes memory notOpen =
            abi.encodeWithSelector(IDefaults.NotOpen.selector, id, CommitmentState.Defaulted);
        vm.expectRevert(notOpen);
        accuse(c);
        vm.expectRevert(notOpen);
        defaults.defend(c.broken.commitment, c.evidence);
    }

    /// Collateral that is not there is not made up.
    function test_AnEmptyAccountPaysWhatItHas() public {
        vm.prank(winner);
        market.announceWithdrawal(FUNDS - 1);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        Case memory c = ripe(1);
        vm.prank(winner);
        market.withdraw(winner);
        show(c);
        vm.assertEq(balanceWei(winner), 0);
        vm.assertEq(balanceWei(requester) + balanceWei(runnerUp) + balanceWei(insurer), 2 * FUNDS + 1);
    }

    function stake(address prover, uint256 amountWei) internal {
        token.mint(prover, amountWei);
        vm.startPrank(prover);
        staking.register(10_000, address(0));
        token.approve(address(staking), amountWei);
        staking.delegate(prover, amountWei);
        vm.stopPrank();
    }

    function test_AMonopolistLosesNineTenthsOfItsStake() public {
        Finished memory work = Scenario.finished(77, 2, onlyBy(winner));
        settleAlone(work, orderFor(requestFor(work, requester), work, 0));
        vm.assertEq(market.shareOf(winner), 1e18);
        stake(winner, 100 ether);
        Case memory c = ripe(1);
        show(c);
        vm.assertEq(token.balanceOf(insurer), 90 ether);
        vm.assertEq(staking.proverOf(winner).stakedWei, 10 ether);
    }

    function test_AProverWithoutRecentWorkLosesNoStake() public {
        stake(winner, 100 ether);
        show(ripe(1));
        vm.assertEq(staking.proverOf(winner).stakedWei, 100 ether);
    }

    function test_OldWorkIsForgotten() public {
        Finished memory work = Scenario.finished(77, 2, onlyBy(winner));
        settleAlone(work, orderFor(requestFor(work, requester), work, 0));
        vm.warp(block.timestamp + 7 days);
        vm.assertEq(market.shareOf(winner), 1e18, "last week counts");
        vm.warp(block.timestamp + 7 days);
        vm.assertEq(market.shareOf(winner), 0);
    }

    function testFuzz_ThePenaltyGrowsFasterThanTheShare(uint256 share, uint256 more) public pure {
        share = bound(share, 0, 1e18);
        more = bound(more, share, 1e18);
        uint256 penalty = Penalties.ofShareDown(share);
        vm.assertLe(penalty, Penalties.ofShareDown(more));
        vm.assertLe(penalty, share * 1.001e18 / 1e18, "never more than the share");
        vm.assertLe(2 * Penalties.ofShareDown(share / 2), penalty + 10, "two halves lose less than the whole");
    }

    function test_ThePenaltiesThatAreAskedFor() public pure {
        vm.assertEq(Penalties.ofShareDown(0), 0);
        vm.assertEq(Penalties.ofShareDown(0.3e18), 0.05e18);
        vm.assertEq(Penalties.ofShareDown(0.6e18), 0.3e18);
        vm.assertEq(Penalties.ofShareDown(1e18), 0.9e18);
    }

    // No default

    function testFuzz_NoDefaultBeforeTheDeadline(uint256 early) public {
        Case memory c = rescued(1);
        early = bound(early, 0, c.broken.commitment.deadline - block.timestamp);
        uint256 recordedAt = c.broken.commitment.deadline - early;
        vm.warp(recordedAt);
        record(c.made);
        vm.warp(recordedAt + 30 days);
        vm.expectRevert(
            abi.encodeWithSelector(IDefaults.NotLate.selector, recordedAt, c.broken.commitment.deadline)
        );
        accuse(c);
    }

    function testFuzz_NoDefaultWhileThereIsTimeToDefend(uint256 waited) public {
        Case memory c = rescued(1);
        uint256 until = c.broken.commitment.deadline + DEFENCE_WINDOW;
        vm.warp(c.broken.commitment.deadline + 1);
        record(c.made);
        vm.warp(bound(waited, block.timestamp, until));
        vm.expectRevert(abi.encodeWithSelector(IDefaults.DefenceOpen.selector, until));
        accuse(c);
    }

    /// Its own proof on L1 in time clears a prover, whosever proof was paid.
    function testFuzz_NoDefaultWithATimelyProof(uint256 seed, uint256 when) public {
        Case memory c = rescued(seed);
        Finished memory own = Scenario.finished(seed, 1, onlyBy(winner));
        vm.assertEq(own.payouts.paths[0].entry.job, c.broken.commitment.job);
        uint256 deadline = c.broken.commitment.deadline;
        vm.warp(bound(when, block.timestamp, deadline + DEFENCE_WINDOW));
        record(own);
        if (block.timestamp <= deadline) vm.warp(deadline + 1);
        record(c.made);
        defaults.defend(c.broken.commitment, evidenceOf(own));
        vm.warp(deadline + 30 days);
        bytes32 id = market.commitmentId(c.broken.commitment);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotOpen.selector, id, CommitmentState.Defended));
        accuse(c);
        vm.assertEq(balanceWei(winner), FUNDS);
    }

    function testFuzz_ALateProofClearsNobody(uint256 seed, uint256 late) public {
        Case memory c = ripe(seed);
        Finished memory own = Scenario.finished(seed, 1, onlyBy(winner));
        vm.warp(block.timestamp + bound(late, 0, 1 days));
        record(own);
        vm.expectPartialRevert(IDefaults.DefenceTooLate.selector);
        defaults.defend(c.broken.commitment, evidenceOf(own));
        show(c);
    }

    /// However late it is by its commitment: whose proof is on L1 first has not been overtaken.
    function testFuzz_NoDefaultWhenTheOwnProofCameFirst(uint256 seed, uint256 late) public {
        Case memory c = rescued(seed);
        Finished memory own = Scenario.finished(seed, 1, onlyBy(winner));
        vm.warp(c.broken.commitment.deadline + DEFENCE_WINDOW + bound(late, 1, 1 hours));
        record(own);
        vm.warp(block.timestamp + 1 hours);
        record(c.made);
        accuse(c);
        vm.prank(stranger);
        defaults.defend(c.broken.commitment, evidenceOf(own));
        vm.warp(block.timestamp + DEFENCE_WINDOW + 1);
        bytes32 id = market.commitmentId(c.broken.commitment);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotAccused.selector, id, CommitmentState.Defended));
        defaults.convict(c.request, c.broken.commitment);
        vm.assertEq(balanceWei(winner), FUNDS);
    }

    /// Nobody is accused with a proof that was made up long after.
    function test_NoDefaultWithAProofOfAnExpiredRequest() public {
        Case memory c = rescued(1);
        uint256 expiresAt = uint256(c.request.proofDeadline) + 1 days;
        vm.warp(expiresAt + 1);
        record(c.made);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.EvidenceExpired.selector, expiresAt + 1, expiresAt));
        accuse(c);
    }

    /// Nobody has to keep what it signed for ever.
    function test_NoDefaultLongAfterTheRequestHasExpired() public {
        Case memory c = ripe(1);
        uint256 lastAt = uint256(c.request.proofDeadline) + 1 days + 12 hours;
        vm.warp(lastAt + 1);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.AccusationTooLate.selector, lastAt));
        accuse(c);
        vm.warp(lastAt);
        accuse(c);
    }

    function testFuzz_AnAccusedProverHasTimeToAnswer(uint256 waited) public {
        vm.prank(winner);
        market.announceWithdrawal(FUNDS);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        Case memory c = ripe(1);
        accuse(c);
        uint256 until = block.timestamp + DEFENCE_WINDOW;
        vm.warp(block.timestamp + bound(waited, 0, DEFENCE_WINDOW));
        vm.expectRevert(abi.encodeWithSelector(IDefaults.DefenceOpen.selector, until));
        defaults.convict(c.request, c.broken.commitment);
        // Meanwhile its money stays.
        vm.expectPartialRevert(IAccounts.TooEarly.selector);
        vm.prank(winner);
        market.withdraw(winner);
        vm.warp(until + 1);
        defaults.convict(c.request, c.broken.commitment);
        vm.assertEq(balanceWei(winner), FUNDS - COLLATERAL);
    }

    function test_NobodyIsConvictedWithoutAnAccusation() public {
        Case memory c = ripe(1);
        bytes32 id = market.commitmentId(c.broken.commitment);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotAccused.selector, id, CommitmentState.Open));
        defaults.convict(c.request, c.broken.commitment);
        accuse(c);
        c.request.owner = stranger;
        vm.expectPartialRevert(IDefaults.ForeignRequest.selector);
        defaults.convict(c.request, c.broken.commitment);
    }

    function test_AnothersProofClearsNobody() public {
        Case memory c = rescued(1);
        record(c.made);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotProver.selector, winner, runnerUp));
        defaults.defend(c.broken.commitment, c.evidence);
    }

    /// A runner-up whose work was overtaken owes nothing.
    function test_ARunnerUpIsNotInDefaultWhenTheWinnerProved() public {
        Case memory c = ripe(1);
        (c.broken, c.rescue) = (c.rescue, c.broken);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NoRescue.selector, runnerUp, winner));
        accuse(c);
    }

    function test_AProverDoesNotRescueItself() public {
        Case memory c = ripe(1);
        c.broken.commitment.prover = runnerUp;
        c.broken = signed(c.request, c.broken.commitment);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NoRescue.selector, runnerUp, runnerUp));
        accuse(c);
    }

    // Forged evidence

    function testFuzz_ForgedEvidenceIsRefused(uint256 seed, uint256 field) public {
        Case memory c = ripe(seed);
        field = bound(field, 0, 7);
        bytes4 reason;
        if (field == 0) {
            (c.broken.commitment.collateralWei, reason) = (2 ether, IDefaults.InvalidCommitment.selector);
        }
        if (field == 1) (c.rescue.commitment.priceWei, reason) = (1, IDefaults.InvalidCommitment.selector);
        if (field == 2) {
            (c.broken.counterSignature, reason) = (c.broken.signature, IDefaults.NotMatched.selector);
        }
        if (field == 3) (c.request.nonce, reason) = (999, IDefaults.ForeignRequest.selector);
        if (field == 4) (c.evidence.path.entry.work, reason) = (1e9, IDefaults.EntryNotInClaim.selector);
        if (field == 5) (c.evidence.claim.post, reason) = (0, IDefaults.NotRecorded.selector);
        if (field == 6) (c.evidence.claim.data, reason) = (0, IDefaults.ForeignClaim.selector);
        if (field == 7) {
            c.rescue.commitment.job = 0;
            c.rescue = signed(c.request, c.rescue.commitment);
            reason = IDefaults.ForeignJob.selector;
        }
        vm.expectPartialRevert(reason);
        accuse(c);
    }

    function test_AProofOfAnotherJobIsNoEvidence() public {
        Case memory c = ripe(1);
        c.broken.commitment.job = keccak256("another");
        c.rescue.commitment.job = c.broken.commitment.job;
        c.broken = signed(c.request, c.broken.commitment);
        c.rescue = signed(c.request, c.rescue.commitment);
        vm.expectPartialRevert(IDefaults.ForeignJob.selector);
        accuse(c);
    }

    /// Changing keys after a default is too late.
    function test_AReplacedHotKeyStillBinds() public {
        address hotKey = withKey("hot key");
        vm.prank(winner);
        staking.register(0, hotKey);
        Case memory c = ripe(1);
        c.broken.signature = sign(hotKey, market.commitmentId(c.broken.commitment));
        vm.prank(winner);
        staking.setHotKey(address(0));
        show(c);
        vm.assertEq(balanceWei(winner), FUNDS - COLLATERAL);
    }

    // Suspension

    function test_ADefaultSuspendsWithdrawals() public {
        vm.prank(winner);
        market.announceWithdrawal(1 ether);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        show(ripe(1));
        uint256 until = block.timestamp + 1 days;
        vm.assertEq(defaults.suspendedUntil(winner), until);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.TooEarly.selector, until));
        vm.prank(winner);
        market.withdraw(winner);
        vm.warp(until);
        vm.prank(winner);
        market.withdraw(winner);
        vm.assertEq(token.balanceOf(winner), 1 ether);
    }

    function test_SuspensionsDoubleAndAreForgiven() public {
        for (uint256 i = 0; i < 8; i++) {
            show(ripe(i));
            uint256 doublings = i < 5 ? i : 5;
            vm.assertEq(defaults.suspendedUntil(winner), block.timestamp + (1 days << doublings));
        }
        vm.warp(block.timestamp + 30 days);
        show(ripe(9));
        vm.assertEq(defaults.suspendedUntil(winner), block.timestamp + 1 days);
    }

    // Release

    function testFuzz_AReleaseCostsALittleAndEndsTheCommitment(uint256 when) public {
        Case memory c = rescued(1);
        vm.warp(bound(when, block.timestamp, c.broken.commitment.deadline));
        vm.prank(winner);
        defaults.release(c.request, c.broken.commitment);
        vm.assertEq(balanceWei(winner), FUNDS - COLLATERAL / 50);
        vm.assertEq(balanceWei(requester), FUNDS + COLLATERAL / 50);
        vm.warp(c.broken.commitment.deadline + 1);
        record(c.made);
        vm.warp(c.broken.commitment.deadline + 30 days);
        bytes32 id = market.commitmentId(c.broken.commitment);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotOpen.selector, id, CommitmentState.Released));
        accuse(c);
    }

    function test_ReleasesThatAreRefused() public {
        Case memory c = rescued(1);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotProver.selector, winner, stranger));
        vm.prank(stranger);
        defaults.release(c.request, c.broken.commitment);

        Request memory other = requestFor(c.made, requester);
        vm.expectPartialRevert(IDefaults.ForeignRequest.selector);
        vm.prank(winner);
        defaults.release(other, c.broken.commitment);

        c.broken.commitment.collateralWei = type(uint96).max;
        vm.expectPartialRevert(IDefaults.ReleaseUnpaid.selector);
        vm.prank(winner);
        defaults.release(c.request, c.broken.commitment);

        vm.warp(c.broken.commitment.deadline + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDefaults.DeadlinePassed.selector, c.broken.commitment.deadline)
        );
        vm.prank(winner);
        defaults.release(c.request, c.broken.commitment);
    }

    // Roles

    function test_OnlyTheDefaultsContractMovesCollateral() public {
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotDefaults.selector, stranger));
        vm.prank(stranger);
        market.moveCollateral(winner, stranger, 1);
    }

    function test_TheMarketIsSetOnceByTheDeployer() public {
        vm.expectRevert(abi.encodeWithSelector(IDefaults.MarketAlreadySet.selector, market));
        defaults.setMarket(market);
        vm.expectRevert(abi.encodeWithSelector(IDefaults.NotDeployer.selector, stranger));
        vm.prank(stranger);
        defaults.setMarket(market);
    }
}
