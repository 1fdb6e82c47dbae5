// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claims} from "../libraries/Claims.sol";
import {PayoutPath, Payouts} from "../libraries/Payouts.sol";
import {Posts} from "./Posts.sol";
import {Held, MarketConfig, Posted} from "./interfaces/IMarket.sol";
import {Bill, Tally, Tree} from "./libraries/Bills.sol";
import {Commitment} from "./libraries/Commitments.sol";
import {Lateness} from "./libraries/Lateness.sol";
import {Order, PricedEntry} from "./libraries/Orders.sol";
import {Request, Requests} from "./libraries/Requests.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What orders cost, and who gets it. IMarket has the documentation.
abstract contract Payments is Posts {
    using SafeCast for uint256;

    /// Prices are for this much work.
    uint256 private constant PRICED_WORK = 1_000_000;
    /// Work of one parallel merge, as in the settlement.
    uint256 private constant MERGE_WORK = 1_750_000;
    /// A prover gets at least four fifths of the price.
    uint256 private constant MAX_CUT_BPS = 1_000;

    address public immutable treasury;
    address public immutable insurer;
    uint256 public immutable protocolFeeBps;
    uint256 public immutable insuranceBps;
    uint256 private immutable _claimWindow;

    mapping(bytes32 request => Held) private _held;
    mapping(bytes32 request => mapping(uint256 position => bool)) private _paid;

    constructor(MarketConfig memory config) {
        require(
            config.protocolFeeBps <= MAX_CUT_BPS && config.insuranceBps <= MAX_CUT_BPS
                && config.treasury != address(0) && config.insurer != address(0) && config.postedRise != 0,
            InvalidConfig()
        );
        treasury = config.treasury;
        insurer = config.insurer;
        protocolFeeBps = config.protocolFeeBps;
        insuranceBps = config.insuranceBps;
        _claimWindow = config.claimWindow;
    }

    /// Pays for an order whose claim is in the tree. Returns the selector of the error that keeps it from being paid
    /// now, where that is something that may have changed since the call was made; reverts for all else.
    function _payOrder(Tree memory tree, Order calldata order, bytes32 claimHash, Tally memory tally)
        internal
        returns (bytes4)
    {
        Request calldata request = order.request;
        Bill memory bill = _bill(tree, order);
        bytes4 refusal = _refusal(tree, order, bill);
        if (refusal != 0) return refusal;
        uint256 postedWei = bill.posted ? _takePosted(bill.id) : 0;
        if (!bill.posted) _useNonce(request.owner, request.nonce);

        _payEntries(order, bill, tally);
        uint256 paidWei = bill.ownWei + bill.sharedWei;
        uint256 heldWei = 0;
        if (bill.posted) {
            require(bill.shownWork == order.work, EntriesMissing(order.work, bill.shownWork));
            _credit(request.owner, postedWei - paidWei);
        } else {
            if (bill.shownWork != order.work) heldWei = _hold(tree, order, bill, claimHash);
            _debit(request.owner, paidWei + heldWei);
        }
        emit OrderSettled(bill.id, request.owner, tree.root, bill.ownWei, bill.sharedWei, heldWei);
        return 0;
    }

    /// The prices of an order, from what was signed and recorded.
    function _bill(Tree memory tree, Order calldata order) private view returns (Bill memory bill) {
        Request calldata request = order.request;
        require(order.work <= type(uint128).max, WorkTooLarge(order.work));
        bill.id = requestId(request);
        bool aggregated = request.delivery == Requests.AGGREGATED;
        require(aggregated || tree.count == 1, DeliveryMismatch(bill.id));
        if (aggregated) bill.sharedWork = Math.ceilDiv((tree.count - 1) * MERGE_WORK, tree.count);

        uint256 work = order.work + bill.sharedWork;
        bill.capWei = request.maxPriceWei;
        if (work != 0) {
            bill.capWei = Math.min(bill.capWei, uint256(request.maxTotalWei) * PRICED_WORK / work);
        }
        bill.limitWei = bill.capWei * work / PRICED_WORK;
        bill.late = Lateness.secondsLate(tree.recordedAt, request.proofDeadline);
        bill.posted = order.signature.length == 0;
        if (bill.posted) {
            uint256 priceWei = postedPriceWei(request, postedOf(bill.id).postedAt, tree.recordedAt);
            bill.postedPriceWei = Math.min(priceWei, bill.capWei);
        }
    }

    /// What may have changed since a settlement was put together.
    function _refusal(Tree memory tree, Order calldata order, Bill memory bill)
        private
        view
        returns (bytes4)
    {
        Request calldata request = order.request;
        if (tree.recordedAt > request.proofDeadline + Lateness.EXPIRY) return Expired.selector;
        if (bill.posted) return postedOf(bill.id).amountWei == 0 ? NotPosted.selector : bytes4(0);
        if (isNonceUsed(request.owner, request.nonce)) return NonceUsed.selector;
        if (_balanceWei(request.owner) < bill.limitWei) return BalanceTooLow.selector;
        bool signed = Signatures.isBy(request.owner, bill.id, order.signature);
        return signed ? bytes4(0) : InvalidSignature.selector;
    }

    /// The same refusals with their values, for calls about one order.
    function _revertWith(bytes4 refusal, Request calldata request) internal view {
        if (refusal == 0) return;
        bytes32 id = requestId(request);
        address owner = request.owner;
        require(refusal != NonceUsed.selector, NonceUsed(owner, request.nonce));
        require(refusal != NotPosted.selector, NotPosted(id));
        require(refusal != InvalidSignature.selector, InvalidSignature(id, owner));
        require(refusal != Expired.selector, Expired(id, request.proofDeadline + Lateness.EXPIRY));
        revert BalanceTooLow(owner, _balanceWei(owner), request.maxTotalWei);
    }

    // Entries

    /// Pays all entries of the order, each to its prover, and adds them up in the bill.
    function _payEntries(Order calldata order, Bill memory bill, Tally memory tally) private {
        bytes32 allowed = order.request.allowedProvers;
        _checkAllowList(bill.id, allowed, order.allowed);
        for (uint256 i = 0; i < order.entries.length; i++) {
            PayoutPath calldata path = order.entries[i].path;
            bytes32 pathRoot = Payouts.rootOf(path);
            require(pathRoot == order.payouts, EntryNotInClaim(order.payouts, pathRoot));
            require(
                i == 0 || path.position > order.entries[i - 1].path.position,
                EntriesNotAscending(path.position)
            );
            if (allowed != 0) _checkAllowed(order.allowed, bill.id, path.entry.prover);
            _payEntry(order, bill, order.entries[i], tally);
        }
        require(bill.shownWork <= order.work, TooMuchWork(order.work, bill.shownWork));
    }

    /// The price is for the entry's work; the request's part of the parallel merges is paid at the same price. A
    /// late entry is paid less, and pays; one that a runner-up proved does not: it came to the rescue.
    function _payEntry(Order calldata order, Bill memory bill, PricedEntry calldata entry, Tally memory tally)
        private
    {
        address prover = entry.path.entry.prover;
        uint256 work = entry.path.entry.work;
        uint256 priceWei = bill.postedPriceWei;
        if (!bill.posted) {
            _checkEntryCommitment(order.request, bill.id, entry);
            priceWei = Math.min(entry.priceWei, bill.capWei);
        }
        bill.shownWork += work;
        uint256 feeWei = work * priceWei / PRICED_WORK;
        if (bill.late != 0 && !(entry.rank != 0 && !bill.posted && order.request.matcher != address(0))) {
            feeWei = Lateness.feeDown(feeWei, bill.late);
            if (!bill.posted) _payLateness(order.request, bill, entry);
        }
        bill.ownWei += feeWei;
        if (order.work != 0) {
            uint256 sharedWei = feeWei * bill.sharedWork / order.work;
            bill.sharedWei += sharedWei;
            tally.sharedWei += sharedWei;
        }
        _payFee(prover, feeWei, tally);
        emit EntryPaid(bill.id, prover, entry.path.entry.job, feeWei);
    }

    function _payFee(address prover, uint256 feeWei, Tally memory tally) internal {
        uint256 protocolWei = feeWei * protocolFeeBps / BPS;
        uint256 insuranceWei = feeWei * insuranceBps / BPS;
        tally.feesWei += feeWei;
        tally.protocolWei += protocolWei;
        tally.insuranceWei += insuranceWei;
        _earn(prover, feeWei - protocolWei - insuranceWei, feeWei);
    }

    function _checkEntryCommitment(Request calldata request, bytes32 id, PricedEntry calldata entry)
        private
        view
    {
        Commitment memory commitment = Commitment({
            request: id,
            job: entry.path.entry.job,
            prover: entry.path.entry.prover,
            priceWei: entry.priceWei,
            deadline: entry.deadline,
            collateralWei: entry.collateralWei,
            rank: entry.rank
        });
        _checkTerms(request, commitment, entry.signature, entry.counterSignature);
    }

    function _payLateness(Request calldata request, Bill memory bill, PricedEntry calldata entry) private {
        address prover = entry.path.entry.prover;
        uint256 owedWei = Lateness.penaltyDown(entry.collateralWei, bill.late);
        uint256 paidWei = _moveUpTo(prover, request.owner, owedWei);
        if (paidWei != 0) emit LatenessPaid(bill.id, prover, paidWei);
    }

    /// Writes what the orders of a call add up to.
    function _finish(Tally memory tally) internal {
        if (tally.feesWei == 0) return;
        _addTurnover(tally.feesWei);
        if (tally.protocolWei != 0) _earn(treasury, tally.protocolWei, 0);
        if (tally.insuranceWei != 0) _earn(insurer, tally.insuranceWei, 0);
    }

    // Entries that a settlement did not show

    function _hold(Tree memory tree, Order calldata order, Bill memory bill, bytes32 claimHash)
        private
        returns (uint256 heldWei)
    {
        heldWei = bill.limitWei - bill.ownWei - bill.sharedWei;
        _held[bill.id] = Held({
            claimHash: claimHash,
            claimsRoot: tree.root,
            amountWei: heldWei.toUint96(),
            closesAt: (block.timestamp + _claimWindow).toUint40()
        });
        _markPaid(bill.id, order);
    }

    function _markPaid(bytes32 id, Order calldata order) private {
        for (uint256 i = 0; i < order.entries.length; i++) {
            uint256 position = order.entries[i].path.position;
            require(!_paid[id][position], EntryAlreadyPaid(id, position));
            _paid[id][position] = true;
        }
    }

    /// Pays entries out of what is held for them.
    function _claim(Tree memory tree, Order calldata order, Tally memory tally) internal {
        Bill memory bill = _bill(tree, order);
        Held memory held = _held[bill.id];
        bytes32 claimHash = _claimHash(order);
        require(held.claimHash == claimHash, ForeignClaim(held.claimHash, claimHash));
        _markPaid(bill.id, order);
        // An order without a signature is no posted one here: only what was signed is ever held.
        bill.posted = false;
        _payEntries(order, bill, tally);
        uint256 paidWei = bill.ownWei + bill.sharedWei;
        _held[bill.id].amountWei = (held.amountWei - paidWei).toUint96();
        emit OrderSettled(
            bill.id, order.request.owner, tree.root, bill.ownWei, bill.sharedWei, held.amountWei - paidWei
        );
    }

    function returnHeld(Request calldata request) external {
        bytes32 id = requestId(request);
        Held memory held = _held[id];
        require(held.claimHash != 0, NothingHeld(id));
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp >= held.closesAt, StillHeld(held.closesAt));
        delete _held[id];
        _credit(request.owner, held.amountWei);
        emit HeldReturned(id, request.owner, held.amountWei);
    }

    function heldOf(bytes32 request) public view returns (Held memory) {
        return _held[request];
    }

    /// The claim that would fulfil the order.
    function _claimHash(Order calldata order) internal pure returns (bytes32) {
        return Claims.hash(_jobOf(order), order.work, order.payouts);
    }

    /// The job of the statement that would fulfil the order.
    function _jobOf(Order calldata order) internal pure returns (bytes32) {
        Request calldata request = order.request;
        return keccak256(abi.encode(request.program, request.pre, order.post, request.data));
    }
}
