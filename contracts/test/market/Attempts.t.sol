// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccounts} from "src/market/interfaces/IAccounts.sol";
import {IMarket} from "src/market/interfaces/IMarket.sol";
import {Attempt, SignedAttempt} from "src/market/libraries/Attempts.sol";
import {Commitment} from "src/market/libraries/Commitments.sol";
import {Order} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {MockWallet} from "test/mocks/Wallets.sol";
import {DirectFixture} from "test/utils/DirectFixture.sol";
import {Finished} from "test/utils/Scenario.sol";
import {bound, vm} from "test/utils/Test.sol";

/// A request that nobody can prove costs what its provers' attempts do, a twentieth of its maximum at most, and is over.
contract AttemptsTest is DirectFixture {
    uint256 internal constant LIMIT = 0.05 ether;

    address[] internal none;

    function setUp() public override {
        super.setUp();
        // Ascending, as attempts are.
        if (provers[0] > provers[1]) (provers[0], provers[1]) = (provers[1], provers[0]);
        if (provers[1] > provers[2]) (provers[1], provers[2]) = (provers[2], provers[1]);
        if (provers[0] > provers[1]) (provers[0], provers[1]) = (provers[1], provers[0]);
    }

    function netWei(uint256 feeWei) internal pure returns (uint256) {
        return feeWei - feeWei * PROTOCOL_BPS / 10_000 - feeWei * INSURANCE_BPS / 10_000;
    }

    function asked() internal returns (Request memory) {
        return directRequest(directOf(1, provers[0]));
    }

    function attemptOf(Request memory request, Commitment memory commitment, uint256 feeWei)
        internal
        view
        returns (SignedAttempt memory)
    {
        Attempt memory attempt = Attempt({
            request: commitment.request,
            job: commitment.job,
            prover: commitment.prover,
            feeWei: uint96(feeWei)
        });
        bytes memory signature =
            keyOf[request.matcher] == 0 ? bytes("") : sign(request.matcher, market.attemptId(attempt));
        return SignedAttempt(signed(request, commitment), uint96(feeWei), signature);
    }

    function commitmentOf(Request memory request, uint256 prover) internal view returns (Commitment memory) {
        return commitmentFor(request, directOf(1, provers[prover]).payouts.paths[0].entry);
    }

    /// Attempts of the first `count` provers, which share the fee.
    function attemptsOf(Request memory request, uint256 count, uint256 feeWei)
        internal
        view
        returns (SignedAttempt[] memory attempts)
    {
        attempts = new SignedAttempt[](count);
        for (uint256 i = 0; i < count; i++) {
            Commitment memory commitment = commitmentOf(request, i);
            commitment.rank = uint8(i);
            uint256 restWei = i == 0 ? feeWei % count : 0;
            attempts[i] = attemptOf(request, commitment, feeWei / count + restWei);
        }
    }

    function signatureOf(Request memory request) internal view returns (bytes memory) {
        return sign(request.owner, market.requestId(request));
    }

    function settle(Request memory request, SignedAttempt[] memory attempts) internal {
        market.settleAttempt(request, signatureOf(request), none, attempts);
    }

    function refused(Request memory request, SignedAttempt[] memory attempts, bytes memory reason) internal {
        bytes memory signature = signatureOf(request);
        vm.expectRevert(reason);
        market.settleAttempt(request, signature, none, attempts);
    }

    // Who gets what

    function testFuzz_EveryProverIsPaidItsFee(uint256 count, uint256 feeWei) public {
        count = bound(count, 1, 3);
        feeWei = bound(feeWei, 0, LIMIT);
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, count, feeWei);
        bytes memory signature = signatureOf(request);
        for (uint256 i = 0; i < count; i++) {
            Commitment memory commitment = attempts[i].committed.commitment;
            vm.expectEmit();
            emit IMarket.AttemptPaid(
                commitment.request, commitment.prover, commitment.job, attempts[i].feeWei
            );
        }
        vm.prank(stranger);
        market.settleAttempt(request, signature, none, attempts);

        vm.assertEq(FUNDS - balanceWei(requester), feeWei);
        uint256 sumWei = market.earnedWei(treasury) + market.earnedWei(insurer);
        for (uint256 i = 0; i < count; i++) {
            vm.assertEq(market.earnedWei(provers[i]), netWei(attempts[i].feeWei));
            vm.assertEq(balanceWei(provers[i]), FUNDS, "nobody is slashed");
            sumWei += market.earnedWei(provers[i]);
        }
        vm.assertEq(sumWei, feeWei, "nothing is left over");
        vm.assertTrue(market.isNonceUsed(requester, request.nonce));
    }

    function testFuzz_ATwentiethOfTheMaximumIsTheMost(uint96 maxTotalWei, uint256 feeWei) public {
        Request memory request = asked();
        request.maxTotalWei = uint96(bound(maxTotalWei, 0, FUNDS));
        uint256 limitWei = request.maxTotalWei / 20;
        feeWei = bound(feeWei, limitWei + 1, limitWei + 1 ether);
        bytes32 id = market.requestId(request);
        bytes memory dear = abi.encodeWithSelector(IMarket.AttemptsTooDear.selector, id, feeWei, limitWei);
        refused(request, attemptsOf(request, 1, feeWei), dear);
        refused(request, attemptsOf(request, 3, feeWei), dear);
        settle(request, attemptsOf(request, 3, limitWei));
        vm.assertEq(FUNDS - balanceWei(requester), limitWei);
    }

    function test_AProverIsNotPaidTwice() public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 2, 100);
        Commitment memory again = commitmentOf(request, 0);
        again.rank = 1;
        attempts[1] = attemptOf(request, again, 50);
        bytes memory twice = abi.encodeWithSelector(IMarket.AttemptsNotAscending.selector, provers[0]);
        refused(request, attempts, twice);
        (attempts[0], attempts[1]) = (attemptsOf(request, 2, 100)[1], attempts[0]);
        refused(request, attempts, twice);
    }

    // Either attempts or a proof

    function test_ARequestWhoseAttemptsWerePaidIsNotSettled() public {
        Finished memory made = directOf(1, provers[0]);
        Order memory order = directOrder(made);
        settle(order.request, attemptsOf(order.request, 2, LIMIT));
        bytes memory used = abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, order.request.nonce);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.expectRevert(used);
        market.settleSequence(proof, made.claim, order);
        record(1);
        vm.expectEmit();
        emit IMarket.OrderSkipped(market.requestId(order.request), IMarket.NonceUsed.selector);
        market.settleProven(alone(order));
        refused(order.request, attemptsOf(order.request, 1, 0), used);
        vm.prank(requester);
        vm.expectRevert(used);
        market.post(order.request);
        vm.assertEq(FUNDS - balanceWei(requester), LIMIT);
    }

    function test_ASettledRequestPaysNoAttempts() public {
        record(1);
        Order memory order = directOrder(directOf(1, provers[0]));
        market.settleProven(alone(order));
        bytes memory used = abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, order.request.nonce);
        refused(order.request, attemptsOf(order.request, 1, LIMIT), used);
        vm.assertEq(FUNDS - balanceWei(requester), PRICE);
    }

    function test_APostedRequestPaysNoAttempts() public {
        Request memory request = asked();
        vm.prank(requester);
        market.post(request);
        bytes memory used = abi.encodeWithSelector(IMarket.NonceUsed.selector, requester, request.nonce);
        refused(request, attemptsOf(request, 1, LIMIT), used);
    }

    function test_AnExpiredRequestPaysNoAttempts() public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 1, LIMIT);
        uint256 expiresAt = request.proofDeadline + 1 days;
        vm.warp(expiresAt + 1);
        bytes32 id = market.requestId(request);
        refused(request, attempts, abi.encodeWithSelector(IMarket.Expired.selector, id, expiresAt));
        vm.warp(expiresAt);
        settle(request, attempts);
    }

    /// It would use up the request without anybody's word.
    function test_WithoutAttemptsNothingHappens() public {
        Request memory request = asked();
        bytes32 id = market.requestId(request);
        refused(request, new SignedAttempt[](0), abi.encodeWithSelector(IMarket.NoAttempts.selector, id));
        vm.assertFalse(market.isNonceUsed(requester, request.nonce));
    }

    // The matcher's word

    function test_OnlyTheMatcherSaysThatAProverTried() public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 2, LIMIT);
        bytes memory right = attempts[1].signature;
        bytes32 id = market.attemptId(attemptIn(attempts[1]));
        bytes[3] memory wrong = [bytes(""), sign(provers[1], id), attempts[0].signature];
        for (uint256 i = 0; i < 3; i++) {
            attempts[1].signature = wrong[i];
            refused(request, attempts, abi.encodeWithSelector(IMarket.NotMatched.selector, id, matcher));
        }
        attempts[1].signature = right;
        settle(request, attempts);
    }

    function attemptIn(SignedAttempt memory attempt) internal pure returns (Attempt memory) {
        Commitment memory commitment = attempt.committed.commitment;
        return Attempt(commitment.request, commitment.job, commitment.prover, attempt.feeWei);
    }

    function testFuzz_AnAttemptBindsItsFee(uint96 feeWei) public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 1, LIMIT);
        vm.assume(feeWei != LIMIT);
        attempts[0].feeWei = feeWei;
        bytes32 id = market.attemptId(attemptIn(attempts[0]));
        refused(request, attempts, abi.encodeWithSelector(IMarket.NotMatched.selector, id, matcher));
    }

    function test_TheMatcherNeedNotSignWhatItSends() public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 2, LIMIT);
        for (uint256 i = 0; i < 2; i++) {
            (attempts[i].signature, attempts[i].committed.counterSignature) = ("", "");
        }
        bytes memory signature = signatureOf(request);
        vm.prank(matcher);
        market.settleAttempt(request, signature, none, attempts);
        vm.assertEq(FUNDS - balanceWei(requester), LIMIT);
    }

    function test_WithoutAMatcherNobodySaysThatAProverTried() public {
        Request memory request = asked();
        request.matcher = address(0);
        bytes memory needed = abi.encodeWithSelector(IMarket.MatcherNeeded.selector, requester, request.nonce);
        refused(request, attemptsOf(request, 1, LIMIT), needed);
    }

    // Commitments

    /// A matcher cannot pay who never committed, itself for one.
    function test_ACommitmentOfTheProverIsNeeded() public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 1, LIMIT);
        attempts[0].committed.commitment.deadline++;
        bytes memory signature = signatureOf(request);
        vm.expectPartialRevert(IMarket.InvalidCommitment.selector);
        vm.prank(matcher);
        market.settleAttempt(request, signature, none, attempts);
        attempts = attemptsOf(request, 1, LIMIT);
        attempts[0].committed.commitment.prover = matcher;
        vm.expectPartialRevert(IMarket.InvalidCommitment.selector);
        vm.prank(matcher);
        market.settleAttempt(request, signature, none, attempts);
    }

    function test_AnUnmatchedCommitmentIsRefused() public {
        Request memory request = asked();
        SignedAttempt[] memory attempts = attemptsOf(request, 1, LIMIT);
        attempts[0].committed.counterSignature = attempts[0].committed.signature;
        bytes32 id = market.commitmentId(attempts[0].committed.commitment);
        refused(request, attempts, abi.encodeWithSelector(IMarket.NotMatched.selector, id, matcher));
    }

    function test_ACommitmentUnderAnotherRequestIsRefused() public {
        Request memory request = asked();
        Request memory other = asked();
        bytes memory foreign = abi.encodeWithSelector(
            IMarket.ForeignRequest.selector, market.requestId(request), market.requestId(other)
        );
        refused(request, attemptsOf(other, 1, LIMIT), foreign);
    }

    function test_ACommitmentWithLessCollateralThanAskedIsRefused() public {
        Request memory request = asked();
        request.collateralWei = COLLATERAL + 1;
        bytes32 id = market.requestId(request);
        bytes memory low =
            abi.encodeWithSelector(IMarket.CollateralTooLow.selector, id, COLLATERAL, COLLATERAL + 1);
        refused(request, attemptsOf(request, 1, LIMIT), low);
    }

    // The requester

    function testFuzz_ARequestBindsItsWholeBody(uint256 field) public {
        Request memory request = asked();
        bytes memory signature = signatureOf(request);
        field = bound(field, 0, 3);
        if (field == 0) request.maxTotalWei++;
        if (field == 1) request.matcher = provers[0];
        if (field == 2) request.nonce++;
        if (field == 3) request.owner = provers[0];
        SignedAttempt[] memory attempts = attemptsOf(request, 1, 1);
        bytes32 id = market.requestId(request);
        vm.expectRevert(abi.encodeWithSelector(IMarket.InvalidSignature.selector, id, request.owner));
        market.settleAttempt(request, signature, none, attempts);
    }

    function test_AContractsSignatureCounts() public {
        MockWallet wallet = new MockWallet();
        fundAccount(address(wallet));
        Request memory request = asked();
        request.owner = address(wallet);
        wallet.sign(market.requestId(request), true);
        market.settleAttempt(request, "1271", none, attemptsOf(request, 1, LIMIT));
        vm.assertEq(FUNDS - balanceWei(address(wallet)), LIMIT);
    }

    function test_OnlyAllowedProversArePaid() public {
        Request memory request = asked();
        address[] memory allowed = new address[](1);
        allowed[0] = provers[0];
        request.allowedProvers = keccak256(abi.encode(allowed));
        bytes32 id = market.requestId(request);
        bytes memory signature = signatureOf(request);
        SignedAttempt[] memory attempts = attemptsOf(request, 2, LIMIT);
        refused(request, attempts, abi.encodeWithSelector(IMarket.ForeignAllowList.selector, id));
        vm.expectRevert(abi.encodeWithSelector(IMarket.NotAllowed.selector, id, provers[1]));
        market.settleAttempt(request, signature, allowed, attempts);
        market.settleAttempt(request, signature, allowed, attemptsOf(request, 1, LIMIT));
    }

    function test_AnEmptyAccountPaysNothing() public {
        Request memory request = asked();
        request.owner = withKey("poor");
        bytes memory poor =
            abi.encodeWithSelector(IAccounts.InsufficientBalance.selector, request.owner, 0, LIMIT);
        refused(request, attemptsOf(request, 1, LIMIT), poor);
        vm.assertFalse(market.isNonceUsed(request.owner, request.nonce));
    }
}
