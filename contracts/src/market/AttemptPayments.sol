// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Payments} from "./Payments.sol";
import {Attempt, SignedAttempt} from "./libraries/Attempts.sol";
import {Tally} from "./libraries/Bills.sol";
import {Commitment} from "./libraries/Commitments.sol";
import {Lateness} from "./libraries/Lateness.sol";
import {Request} from "./libraries/Requests.sol";
import {Signatures} from "./libraries/Signatures.sol";

/// What requests cost that cannot be proven. IMarket has the documentation.
abstract contract AttemptPayments is Payments {
    /// All attempts of a request cost at most this part of its maximum total: what a matcher is trusted with.
    uint256 public constant ATTEMPT_SHARE = 20;

    function settleAttempt(
        Request calldata request,
        bytes calldata signature,
        address[] calldata allowed,
        SignedAttempt[] calldata attempts
    ) external {
        bytes32 id = requestId(request);
        _checkAttempted(id, request, signature);
        _checkAllowList(id, request.allowedProvers, allowed);
        // Else anybody could use up the request's nonce: only attempts have the matcher's word.
        require(attempts.length != 0, NoAttempts(id));
        _useNonce(request.owner, request.nonce);

        Tally memory tally;
        address last = address(0);
        for (uint256 i = 0; i < attempts.length; i++) {
            address prover = attempts[i].committed.commitment.prover;
            require(prover > last, AttemptsNotAscending(prover));
            last = prover;
            if (request.allowedProvers != 0) _checkAllowed(allowed, id, prover);
            _payAttempt(id, request, attempts[i], tally);
        }
        uint256 limitWei = request.maxTotalWei / ATTEMPT_SHARE;
        require(tally.feesWei <= limitWei, AttemptsTooDear(id, tally.feesWei, limitWei));
        _debit(request.owner, tally.feesWei);
        _finish(tally);
    }

    /// A request that its owner signed, that has a matcher, and that was neither paid for nor has expired.
    function _checkAttempted(bytes32 id, Request calldata request, bytes calldata signature) private view {
        require(request.matcher != address(0), MatcherNeeded(request.owner, request.nonce));
        require(!isNonceUsed(request.owner, request.nonce), NonceUsed(request.owner, request.nonce));
        uint256 expiresAt = request.proofDeadline + Lateness.EXPIRY;
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp <= expiresAt, Expired(id, expiresAt));
        bool signed = Signatures.isBy(request.owner, id, signature);
        require(signed, InvalidSignature(id, request.owner));
    }

    function _payAttempt(
        bytes32 id,
        Request calldata request,
        SignedAttempt calldata attempt,
        Tally memory tally
    ) private {
        Commitment calldata commitment = attempt.committed.commitment;
        require(commitment.request == id, ForeignRequest(id, commitment.request));
        (bytes32 job, address prover) = (commitment.job, commitment.prover);
        _checkTerms(request, commitment, attempt.committed.signature, attempt.committed.counterSignature);
        bytes32 said = attemptId(Attempt({request: id, job: job, prover: prover, feeWei: attempt.feeWei}));
        _checkMatched(said, request.matcher, attempt.signature);
        _payFee(prover, attempt.feeWei, tally);
        emit AttemptPaid(id, prover, job, attempt.feeWei);
    }
}
